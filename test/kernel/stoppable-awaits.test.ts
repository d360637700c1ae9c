import assert from 'node:assert/strict';
import { stoppableAwaits } from '../../kernel-ext/src/kernel/stoppable-awaits';

/** Runs code in an asynchronous function. @returns what it returns, and how often it passed through `go` */
async function run(code: string): Promise<{ value: unknown; passed: number }> {
  let passed = 0;
  const go = (value: unknown): unknown => {
    passed++;
    return value;
  };
  const start = new Function('go', `return (async () => {${stoppableAwaits(code, 'go')}\n})()`);
  return { value: await (start(go) as Promise<unknown>), passed };
}

describe('the awaits of a cell', () => {
  const CASES: [code: string, value: unknown, passed: number][] = [
    ['return 1', 1, 0],
    ['return -await 2 + (await 3)', 1, 2],
    ['return await (async () => 3)()', 3, 1],
    ['return await await 4', 4, 2],
    ['return (await [5])[0] + await (await (async () => async () => 1)())()', 6, 3],
    ['const f = async (x = 1) => (await x) + 1; return await f()', 2, 2],
    ['let sum = 0; for await (const x of [1, 2, 3]) sum += x; return sum', 6, 3],
    ['let sum = 0; for await (const x of [1, 2, 3]) { sum += await x } return sum', 6, 6],
    ['for await (const x of [7]) return await x', 7, 2],
    [
      'let s = ""; for await (const x of [1, 2])\n  for await (const y of [3, 4]) s += x + y; return s',
      '4556',
      6,
    ],
    ["return 'await 1' + `${await 2} await`", 'await 12 await', 1],
  ];
  for (const [code, value, passed] of CASES) {
    it(`pass their values on: ${code}`, async () => {
      assert.deepEqual(await run(code), { value, passed });
      assert.equal(stoppableAwaits(code, 'go').split('\n').length, code.split('\n').length);
    });
  }
});
