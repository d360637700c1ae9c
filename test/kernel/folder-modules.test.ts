import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, resultText } from './client';

const FILES: Record<string, string> = {
  'even.ts':
    "import { odd } from './odd';\n\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\nexport let seen = 0;\nexport function see(n: number) { return ++seen > 0 && n; }\nexport function isZero(n: number) { return n === 0; }\n",
  'odd.ts':
    "import { even, isZero, see } from './even.ts';\nexport const zero = isZero(0);\nexport function odd(n: number): boolean { see(n); return n !== 0 && even(n - 1); }\n",
  'common-a.js': "exports.early = 1;\nexports.fromB = require('./common-b').saw;\nexports.late = 2;\n",
  'common-b.js': "exports.saw = Object.keys(require('./common-a')).join();\n",
  'hidden.ts':
    'interface Hidden { size: number }\nclass Secret { private key = 1; size = 2; }\nexport const hidden = (): Hidden => ({ size: 1 });\nexport const secret = () => new Secret();\n',
  'sub/uses-packages.ts':
    "import * as tf from '@tensorflow/tfjs';\nimport { linearize } from 'piecewise';\nexport const twice = (x: tf.Tensor): tf.Tensor => x.mul(2);\nexport { linearize };\n",
  'throws.ts':
    "import { inner } from './sub/inner';\n\ninterface Unused {\n  a: number;\n}\n\nexport function outer(a: Unused): never {\n  return inner(a.a);\n}\n",
  'sub/inner.ts':
    'type Dropped = string;\n\nexport function inner(n: number): never {\n  throw new RangeError(`${n}`);\n}\n',
  'fails.ts': "throw new Error('while loading');\nexport const x = 1;\n",
  'awaits.ts': 'export const x = await Promise.resolve(1);\n',
  'first.ts':
    "import { second } from './second';\nexport function first(n: number): string { return n === 0 ? 'first' : second(n - 1); }\n",
  'second.ts':
    "import { third } from './third';\nexport function second(n: number): string { return n === 0 ? 'second' : third(n - 1); }\n",
  'third.ts':
    "import { first } from './first';\nexport const third = (n: number): string => (n === 0 ? 'third' : first(n - 1));\n",
  'point.ts':
    "import { make } from './makes-point';\nexport default class Point { constructor(readonly x: number) {} static of() { return make(3); } }\n",
  'makes-point.ts':
    "import Point from './point';\nimport type { Scene } from './scene';\nexport const make = (x: number) => new Point(x);\nexport const add = (scene: Scene, x: number) => scene.points.push(make(x));\n",
  'scene.ts':
    "import Point from './point';\nimport { add } from './makes-point';\nexport interface Scene { points: Point[] }\nexport const scene = (): Scene => { const all = { points: [] }; add(all, 5); return all; };\n",
  'everything.ts':
    "export * from './first';\nexport { second as two } from './second';\nexport * as more from './third';\nexport { default, default as Dot } from './point';\nexport type { Scene } from './scene';\nexport { everything } from './uses-everything';\n",
  'uses-everything.ts':
    "import { first, two } from './everything';\nexport const everything = () => first(1) + two(0);\n",
  'awaits-circle.ts':
    "import { later } from './in-circle';\nexport const value = await Promise.resolve(later);\n",
  'in-circle.ts': "import { value } from './awaits-circle';\nexport const later = () => value;\n",
};

/** Cells in a folder that has no packages, and what they show. */
const CELLS: [string, string, string][] = [
  ['TensorFlow.js is the kernel’s own', "import { ones } from '@tensorflow/tfjs'; ones === tf.ones", 'true'],
  [
    'so are its parts',
    "import { Tensor } from '@tensorflow/tfjs-core'; tf.ones([1]) instanceof Tensor",
    'true',
  ],
  ['and the library', "import { linearize as own } from 'piecewise'; own === linearize", 'true'],
  ['its errors', "import * as errors from 'piecewise/errors'; Object.keys(errors).length > 10", 'true'],
  ['by a dynamic import', "(await import('piecewise')).linearize === linearize", 'true'],
  ['by require', "require('piecewise').linearize === linearize", 'true'],
  [
    'as a type',
    "import type { Linearization } from 'piecewise'; const some: Linearization[] = []; some",
    '[]',
  ],
  [
    'in a file of the folder',
    "import { twice, linearize as theirs } from './sub/uses-packages'; [twice(tf.scalar(2)).arraySync(), theirs === linearize]",
    '[ 4, true ]',
  ],
  [
    'files that import each other',
    "import { even, seen } from './even'; import { odd, zero } from './odd.ts'; const before = seen; odd(3); [even(4), odd(4), zero, seen - before]",
    '[ true, false, true, 7 ]',
  ],
  [
    'three files in a circle, from each of its ends',
    "import { first } from './first'; import { second } from './second'; import { third } from './third'; [first(5), second(2), third(4)]",
    "[ 'third', 'first', 'first' ]",
  ],
  [
    'a default export in a circle, and types across it',
    "import Point from './point'; import { scene } from './scene'; [Point.of(), ...scene().points]",
    '[ Point { x: 3 }, Point { x: 5 } ]',
  ],
  [
    'a file that exports others again, one of which imports it',
    "import Dot, { Dot as same, everything, first as one, more, two, type Scene } from './everything'; const empty: Scene = { points: [new Dot(1)] }; [same === Dot, one(0), two(0), more.third(0), everything(), empty.points.length]",
    "[ true, 'first', 'second', 'third', 'secondsecond', 1 ]",
  ],
  ['CommonJS files that require each other', "require('./common-a').fromB", "'early'"],
  [
    'types that a file keeps to itself',
    "import { hidden, secret } from './hidden'; const mine = [hidden(), secret()] as const; mine[0].size + mine[1].size",
    '3',
  ],
  ['text that looks like an import', '"require(\'./even.ts\')"', '"require(\'./even.ts\')"'],
];

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'piecewise-folder-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('what cells import from their folder', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ cwd: folderOf(FILES) });
  });
  after(() => client.stop());

  for (const [what, code, expected] of CELLS) {
    it(what, async () => {
      const ran = await client.run(code);
      assert.equal(ran.reply.status, 'ok', ran.reply.traceback?.join('\n'));
      assert.equal(resultText(ran), expected);
    });
  }

  it('an error shows the file, its line and the line of the cell', async () => {
    const { reply } = await client.run("import { outer } from './throws';\nouter({ a: 7 });");
    assert.deepEqual(reply.traceback, [
      'RangeError: 7',
      '  at inner, sub/inner.ts, line 4, column 9\n    4 |   throw new RangeError(`${n}`);\n      |         ^',
      '  at outer, throws.ts, line 8, column 10\n    8 |   return inner(a.a);\n      |          ^',
      `  at cell [${reply.execution_count}], line 2, column 1\n    2 | outer({ a: 7 });\n      | ^`,
    ]);
  });

  it('a file that fails while it loads fails again, and is not half loaded', async () => {
    for (const code of ["import { x } from './fails'; x", "import { x } from './fails.ts'; x"]) {
      const { reply } = await client.run(code);
      assert.match(reply.traceback.join('\n'), /while loading[^]*at fails\.ts, line 1, column 7/);
    }
  });

  for (const [name, imports, place] of [
    ['a file', "import { x } from './awaits'; x", /at awaits\.ts, line 1, column 18/],
    [
      'one of a circle',
      "import { later } from './in-circle'; later()",
      /at awaits-circle\.ts, line 2, column 22/,
    ],
  ] as const) {
    it(`${name} with a top-level await is refused with what to do`, async () => {
      const { reply } = await client.run(imports);
      assert.equal(reply.ename, 'TypeScriptError');
      assert.match(reply.traceback.join('\n'), /Export an async function/);
      assert.match(reply.traceback.join('\n'), place);
    });
  }
});

const OWN_COPIES: Record<string, string> = {
  'node_modules/@tensorflow/tfjs/package.json': '{ "name": "@tensorflow/tfjs", "types": "index.d.ts" }',
  'node_modules/@tensorflow/tfjs/index.js': "exports.ones = () => 'their own';\n",
  'node_modules/@tensorflow/tfjs/index.d.ts': "export declare const ones: () => 'their own';\n",
  'node_modules/piecewise/package.json': '{ "name": "piecewise", "types": "index.d.ts" }',
  'node_modules/piecewise/index.js': "exports.linearize = () => 'their own';\n",
  'node_modules/piecewise/index.d.ts': "export declare const linearize: () => 'their own';\n",
  'below/uses-both.ts':
    "import { ones } from '@tensorflow/tfjs';\nimport { linearize } from 'piecewise';\nexport const both: ['their own', 'their own'] = [ones(), linearize()];\n",
};

/** Cells in a folder below one that has its own TensorFlow.js and its own library. */
const OWN_CELLS: [string, string, string][] = [
  [
    'TensorFlow.js, with its types',
    "import { ones } from '@tensorflow/tfjs'; const a: 'their own' = ones(); a",
    "'their own'",
  ],
  [
    'the library',
    "import { linearize as own } from 'piecewise'; const b: 'their own' = own(); b",
    "'their own'",
  ],
  ['by a dynamic import', "(await import('@tensorflow/tfjs')).ones()", "'their own'"],
  ['by require', "require('piecewise').linearize()", "'their own'"],
  ['in a file', "import { both } from './uses-both'; both", "[ 'their own', 'their own' ]"],
  [
    'what it lacks is the kernel’s',
    "import { Tensor } from '@tensorflow/tfjs-core'; tf.ones([1]) instanceof Tensor",
    'true',
  ],
  [
    'the globals stay the kernel’s, and their types survive the cell',
    'const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }); const lin = await linearize(model, [1, 2]);',
    '',
  ],
  ['so do those of later cells', 'lin.labels.length + model.layers.length', '2'],
];

describe('what cells import where the folder has its own copies', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ cwd: join(folderOf(OWN_COPIES), 'below') });
  });
  after(() => client.stop());

  for (const [what, code, expected] of OWN_CELLS) {
    it(what, async () => {
      const ran = await client.run(code);
      assert.equal(ran.reply.status, 'ok', ran.reply.traceback?.join('\n'));
      assert.equal(resultText(ran) ?? '', expected);
    });
  }
});
