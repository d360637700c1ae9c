import assert from 'node:assert/strict';
import { Client, resultText } from './client';

/** Is true only for equal types, so `any` for anything else is false. */
const SAME = `type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;`;

/** A cell with a top-level await, and what it shows. */
const AWAITS: [string, string][] = [
  ['await (async () => 3)()', '3'],
  ['(await (async () => [4]))().then(([n]) => n) instanceof Promise', 'true'],
  ['const p = await (Promise.resolve(5) as Promise<number>); p + 1', '6'],
  ['const { q = await (async () => 7)() } = {} as { q?: number }; q', '7'],
  ['`${await (async () => 8)()}`', "'8'"],
  ['for (const n of await (async () => [9])()) n; [await (1 as any)]', '[ 1 ]'],
  ['if (await (async () => true)()) { await (async () => null)(); } 10', '10'],
  ['for await (const n of (async function* () { yield 1; })()) { n } 11', '11'],
];

/** A cell whose `await` stands in something that is not asynchronous. */
const REFUSED = [
  'class Field { x = await 1 }',
  'const Expression = class { x = await 1 };',
  '({ method() { await 1; } })',
  '[1].map(n => await n)',
  'function inner() { await (1 as any); }',
  'namespace Inner { const x = await 1; }',
];

/** What a cell declares, and what a later cell can do with it: `Same` compares its type with the one it has there. */
const DECLARED: [string, string][] = [
  ['const l2 = tf.regularizers.l2({ l2: 1 });', 'Same<typeof l2, ReturnType<typeof tf.regularizers.l2>>'],
  ['const engine = tf.engine(); const held = { engine };', 'Same<typeof held.engine.state.numBytes, number>'],
  ['const items = tf.data.array([1, 2, 3]);', 'Same<typeof items.size, number>'],
  [
    'const load = () => tf.loadGraphModel("file://none");',
    'Same<Awaited<ReturnType<typeof load>>, Awaited<ReturnType<typeof tf.loadGraphModel>>>',
  ],
  [
    "import { spawn } from 'node:child_process'; const run = spawn;",
    'Same<ReturnType<typeof run>["pid"], number | undefined>',
  ],
  [
    'const make = () => { class Local { private hidden = 1; shown = 2; } return Local; }; const local = new (make())();',
    'Same<typeof local.shown, number>',
  ],
  [
    "const mix = <B extends new (...all: any[]) => object>(Base: B) => class extends Base { private kept = 1; mixed = 'm'; }; class Mixed extends mix(class { own = 1; }) {} const mixed = new Mixed();",
    'Same<[typeof mixed.mixed, typeof mixed.own], [string, number]>',
  ],
];

describe('what a cell awaits and declares', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await shown(SAME);
  });
  after(() => client.stop());

  async function shown(code: string): Promise<string | undefined> {
    const ran = await client.run(code);
    assert.equal(ran.reply.status, 'ok', `${code}\n${ran.reply.traceback?.join('\n')}`);
    return resultText(ran);
  }

  for (const [code, expected] of AWAITS) {
    it(`awaits at the top level: ${code}`, async () => assert.equal(await shown(code), expected));
  }

  it('a cell that awaits only inside of functions is not asynchronous', async () => {
    const given = 'const given = (async () => await (3 as any))(); given instanceof Promise';
    assert.equal(await shown(given), 'true');
    assert.equal(
      await shown('let order = ""; queueMicrotask(() => (order += "b")); order += "a"; order'),
      "'a'",
    );
  });

  for (const code of REFUSED) {
    it(`refuses before it runs: ${code}`, async () => {
      assert.equal((await client.run(code)).reply.ename, 'TypeScriptError');
    });
  }

  for (const [code, same] of DECLARED) {
    it(`has its type in later cells: ${code}`, async () => {
      await shown(code);
      await shown(`{ const same: ${same} = true; }`);
    });
  }

  for (const name of ['io', 'data', 'layers', 'initializers', 'constraints', 'util', 'metrics']) {
    it(`each function of tf.${name} has its type in later cells`, async () => {
      const keys = (await shown(`Object.keys(tf.${name}).filter(key => key !== "default").join()`))!
        .slice(1, -1)
        .split(',');
      await shown(keys.map(key => `const ${name}_${key} = tf.${name}.${key};`).join('\n'));
      const checks = keys.map(
        key => `{ const same: Same<typeof ${name}_${key}, typeof tf.${name}.${key}> = true; }`,
      );
      await shown(checks.join('\n'));
    });
  }
});
