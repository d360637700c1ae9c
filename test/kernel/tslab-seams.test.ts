import assert from 'node:assert/strict';
import type * as converterOf from 'tslab/dist/converter';
import { createExecutor, type Executor } from 'tslab/dist/executor';
import manifest from '../../kernel-ext/package.json';
import tslab from 'tslab/package.json';

/** tslab's own converter. One that the engine has loaded in this process has the engine's compiler. */
const { createConverter, isCompleteCode } = untouched();

function untouched(): typeof converterOf {
  const at = require.resolve('tslab/dist/converter');
  const loaded = require.cache[at];
  delete require.cache[at];
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(at) as typeof converterOf;
  } finally {
    require.cache[at] = loaded;
  }
}

/** What the engine relies on inside tslab, so that another version of it fails here and not in a notebook. */
describe('seams of tslab', () => {
  let converter: converterOf.Converter;
  let executor: Executor;
  const logged: unknown[] = [];
  const failed: unknown[] = [];
  before(() => {
    converter = createConverter();
    executor = createExecutor(
      process.cwd(),
      { node: converter, browser: converter, close: () => converter.close() },
      { log: value => logged.push(value), error: error => failed.push(error) },
    );
  });
  after(() => executor.close());
  beforeEach(() => {
    logged.length = failed.length = 0;
  });

  it('the version is pinned and the installed one', () => {
    assert.equal(manifest.dependencies.tslab, tslab.version);
  });

  it('console.log gets the raw value of the last expression', async () => {
    assert.equal(await executor.execute("new Map([['a', 1]])"), true);
    assert.deepEqual(logged, [new Map([['a', 1]])]);
  });

  it('console.error gets the raw error', async () => {
    assert.equal(await executor.execute("throw new RangeError('raw')"), false);
    assert.ok(failed[0] instanceof RangeError);
  });

  it('convert gives diagnostics by position, the output, its last expression and whether it awaits', () => {
    const [{ start, code }] = converter.convert('', '\nconst a: number = "x"').diagnostics;
    assert.deepEqual([start.line, start.character, start.offset, code], [1, 6, 7, 2322]);
    const good = converter.convert('', 'await Promise.resolve(1)');
    assert.equal(good.hasToplevelAwait, true);
    assert.match(good.output ?? '', new RegExp(`exports\\.${good.lastExpressionVar} = await`));
  });

  it('scripts have the name from sourceURL, after the known prefix', async () => {
    const named = {
      ...converter,
      convert: (previous: string, code: string) => {
        const converted = converter.convert(previous, code);
        return { ...converted, output: `${converted.output}\n//# sourceURL=piecewise-cell-1` };
      },
    };
    const errors: Error[] = [];
    const other = createExecutor(
      process.cwd(),
      { node: named, browser: named, close: () => {} },
      { log: () => {}, error: error => errors.push(error as Error) },
    );
    await other.execute("throw new Error('here')");
    assert.match(errors[0].stack ?? '', /at piecewise-cell-1:\d+:\d+/);
  });

  it('interrupt ends an awaiting cell', async () => {
    const ended = executor.execute('await new Promise(() => {})');
    executor.interrupt();
    assert.equal(await ended, false);
    assert.match(String(failed[0]), /Interrupted asynchronously/);
  });

  it('an ambient module declares globals, without diagnostics and without output', async () => {
    const text = 'declare global {\n/** Known everywhere. */\nconst everywhere: number;\n}\n';
    assert.deepEqual(converter.addModule('seam_globals', text), []);
    assert.match(executor.inspect('everywhere', 2).documentation?.[0].text ?? '', /Known everywhere/);
    assert.equal(converter.convert('', 'const e: number = everywhere;').sideOutputs, undefined);
  });

  it('isCompleteCode sees open brackets', () => {
    assert.deepEqual(isCompleteCode('f({'), { completed: false, indent: '  ' });
  });
});
