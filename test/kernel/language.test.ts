import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, resultText } from './client';

/** Cells that run one after the other, and what the last one shows. */
const CELLS: [string, string[], string][] = [
  ['a closure sees a later reassignment', ['let n = 1; const see = () => n;', 'n = 2; see()'], '2'],
  [
    'a closure changes what other cells see',
    ['let k = 1; function next() { return ++k; }', 'next(); k'],
    '2',
  ],
  ['a closure sees a redeclaration', ['let m = 1;', 'const seeM = () => m;', 'let m = 3; seeM()'], '3'],
  [
    'functions call the newest version of each other',
    ['const f = () => g(); function g() { return 1; }', 'function g() { return 2; }', 'f()'],
    '2',
  ],
  ['a loop leaves its counts', ['let sum = 0; for (let i = 0; i < 4; i++) sum += i;', 'sum'], '6'],
  [
    'a loop that breaks out of another leaves its counts',
    [
      'let at = 0; outer: for (const a of [1, 2]) { for (const b of [3, 4]) { at = a * b; if (b === 4) break outer; } }',
      'at',
    ],
    '4',
  ],
  [
    'a loop with calls leaves what it counted',
    [
      'let most = 0; for (const each of ["a", "bc"]) most = Math.max(most, each.at(-1)!.charCodeAt(0));',
      'most',
    ],
    '99',
  ],
  [
    'destructuring declares and assigns',
    [
      'const { p, q: [r = 4, ...s], ...t } = { p: 1, q: [undefined, 2], u: 3 }; const all = () => [p, r, s, t];',
      'let w = 0; ({ w } = { w: 5 }); [...all(), w]',
    ],
    '[ 1, 4, [ 2 ], { u: 3 }, 5 ]',
  ],
  ['an object takes names of earlier cells in short', ['const one = 1;', '({ one })'], '{ one: 1 }'],
  [
    'a function of an earlier cell gets no `this`',
    ['function self(this: unknown) { return this === globalThis || this === undefined; }', 'self()'],
    'true',
  ],
  [
    'enums, classes, namespaces and types cross cells',
    [
      'enum Unit { cm = 2, m } class Point { constructor(public x = Unit.m) {} } namespace N { export const y = 1; } type Pair<T> = [T, T];',
      'const pair: Pair<number> = [new Point().x, N.y]; [pair, Unit[2]]',
    ],
    "[ [ 3, 1 ], 'cm' ]",
  ],
  [
    'top-level await stands with loops',
    ['let total = 0; for (const v of [1, 2]) { await null; total += v; }', 'total'],
    '3',
  ],
  [
    'a cell that runs again does the same again',
    Array<string>(4).fill("type Again = 1 | 2; const again: Again = 1, { length } = 'ab'; again + length"),
    '3',
  ],
];

/** Ways to declare `it`, and what the cell shows. */
const DECLARATIONS: [string, string][] = [
  ['const it = 1; it', '1'],
  ['function it() { return 2; } it()', '2'],
  ['class it { static x = 3; } it.x', '3'],
  ['enum it { four = 4 } it.four', '4'],
  ["import { sep as it } from 'node:path'; it", "'/'"],
  ['let it: string[] = []; it', '[]'],
];

describe('TypeScript across cells', () => {
  let client: Client;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'piecewise-language-'));
    client = await Client.start({ cwd: folder });
  });
  after(() => client.stop());

  async function shown(cells: string[]): Promise<string | undefined> {
    let last: string | undefined;
    for (const code of cells) {
      const ran = await client.run(code);
      assert.equal(ran.reply.status, 'ok', `${code}\n${ran.reply.traceback?.join('\n')}`);
      last = resultText(ran);
    }
    return last;
  }

  for (const [what, cells, expected] of CELLS) {
    it(what, async () => assert.equal(await shown(cells), expected));
  }

  it('for await works at the top level', async () => {
    await client.run('async function* three() { yield 1; yield 2; }');
    const { reply } = await client.run('let sum = 0;\nfor await (const n of three()) sum += n;');
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    assert.equal(resultText(await client.run('sum')), '3');
    const wrong = await client.run('for await (const n of three()) throw new Error(`${n}`);');
    assert.match(wrong.reply.traceback[1], /line 1, column 38/);
  });

  it('export before a declaration changes nothing', async () => {
    const { reply } = await client.run(
      'export const shown = 1; export function given() { return shown; } export interface Kept { a: number }',
    );
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    assert.equal(resultText(await client.run('const kept: Kept = { a: given() }; kept')), '{ a: 1 }');
    const wrong = await client.run('export const word: string = 7;');
    assert.match(wrong.reply.traceback[1], /line 1, column 14/);
  });

  it('any name may be redeclared as anything', async () => {
    // 0 1 0 2 0 3 … 1 2 1 3 …: each kind comes directly after each other kind once.
    const pairs = DECLARATIONS.flatMap((first, i) =>
      DECLARATIONS.slice(i + 1).flatMap(second => [first, second]),
    );
    for (const [code, expected] of pairs) assert.equal(await shown([code]), expected, code);
  });

  it('variables that a failing cell did not reach keep their old values', async () => {
    await client.run('let reached = 1; let beyond = 1;');
    await client.run('let reached = 2; throw new Error("stop"); let beyond = 2;');
    assert.equal(await shown(['[reached, beyond]']), '[ 2, 1 ]');
  });

  it("Node's types and its newest library are known in any folder", async () => {
    assert.equal(
      await shown([
        "import { basename } from 'node:path'; setTimeout(() => {}, 0); [1, 2].findLast(x => x < 2)",
      ]),
      '1',
    );
  });

  it('features of Node that TypeScript 5.0 does not know have types', async () => {
    assert.equal(
      await shown([
        "const fixed: readonly string[] = ['b', 'a'];",
        "[fixed.toSorted(), fixed.toReversed(), fixed.with(0, 'c'), [1].toSpliced(0, 1, 2), 'a'.isWellFormed()]",
      ]),
      "[ [ 'a', 'b' ], [ 'a', 'b' ], [ 'c', 'a' ], [ 2 ], true ]",
    );
    const { reply } = await client.run('const text: string = [1].toSorted()');
    assert.match(reply.evalue, /'number\[\]' is not assignable to type 'string'/);
    const has = resultText(await client.run("'groupBy' in Object"));
    const grouped = await client.run("Object.groupBy([1, 2], n => (n > 1 ? 'big' : 'small')).big");
    assert.equal(grouped.reply.status, has === 'true' ? 'ok' : 'error');
  });

  it('a file of the notebook’s folder is imported, and reloaded when it or one of its imports changes', async () => {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const missing = await client.run("import { twice } from './twice.ts'; twice(2)");
    assert.match(missing.reply.evalue, /Cannot find module/);
    write(
      'twice.ts',
      "import { factor } from './factor.ts';\nexport const twice = (x: number): number => factor * x;",
    );
    write('factor.ts', 'export const factor = 2;');
    assert.equal(await shown(["import { twice } from './twice.ts'; twice(2)"]), '4');
    write('factor.ts', 'export const factor: number = 30;');
    assert.equal(await shown(["import { twice } from './twice.ts'; twice(2)"]), '60');
    write('factor.ts', 'export const factor: number = "no";');
    const { reply } = await client.run("import { twice } from './twice.ts'; twice(2)");
    assert.match(reply.traceback.join('\n'), /not assignable[^]*factor\.ts, line 1/);
  });

  it('a missing file that an unchanged file imports is found once it exists', async () => {
    writeFileSync(join(folder, 'outer.ts'), "export { inner } from './inner';");
    const code = "import { inner } from './outer.ts'; inner + 1";
    const { reply } = await client.run(code);
    assert.match(reply.traceback.join('\n'), /Cannot find module '\.\/inner'/);
    writeFileSync(join(folder, 'inner.ts'), 'export const inner = 6;');
    assert.equal(await shown([code]), '7');
  });

  it('packages are found and typed through their `exports`, including those that only `import` can load', async () => {
    const add = (name: string, manifest: object, files: Record<string, string>) => {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      const all = { 'package.json': JSON.stringify({ name, ...manifest }), ...files };
      for (const [file, text] of Object.entries(all))
        writeFileSync(join(folder, 'node_modules', name, file), text);
    };
    const types = 'export declare const size: number;\ndeclare const all: string;\nexport default all;';
    const code = "export const size = 1;\nexport default 'all';";
    add(
      'common',
      { exports: { types: './t.d.ts', default: './c.js' } },
      { 't.d.ts': types, 'c.js': "exports.__esModule = true; exports.size = 1; exports.default = 'all';" },
    );
    add(
      'es-module',
      { type: 'module', exports: { types: './t.d.ts', default: './m.js' } },
      { 't.d.ts': types, 'm.js': code },
    );
    add(
      'import-only',
      { exports: { import: { types: './t.d.mts', default: './m.mjs' } } },
      { 't.d.mts': types, 'm.mjs': code },
    );
    add(
      'awaiting',
      { type: 'module', exports: { types: './t.d.ts', default: './m.js' } },
      { 't.d.ts': types, 'm.js': `await null;\n${code}` },
    );
    for (const name of ['common', 'es-module', 'import-only', 'awaiting']) {
      assert.equal(
        await shown([`import all, { size } from '${name}'; const n: number = size; [all, n]`]),
        "[ 'all', 1 ]",
        name,
      );
      const { reply } = await client.run(`import { size } from '${name}'; const n: string = size;`);
      assert.match(reply.evalue, /not assignable/, name);
    }
    assert.equal(await shown(["(await import('import-only')).size"]), '1');
  });

  it('code that crashes the compiler fails without further damage', async () => {
    await client.run('const before = 7;');
    const { reply } = await client.run(`1${'+1'.repeat(50_000)}`);
    assert.equal(reply.ename, 'CompilerError');
    assert.match(reply.evalue, /Split the cell/);
    assert.equal(await shown(['before + 1']), '8');
  });

  it('a cell of 1 MB runs', async () => {
    assert.equal(await shown([`const text = \`${'x'.repeat(1_000_000)}\`; text.length`]), '1000000');
  });
});
