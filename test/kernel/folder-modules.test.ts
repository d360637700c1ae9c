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
  ['CommonJS files that require each other', "require('./common-a').fromB", "'early'"],
  [
    'types that a file keeps to itself',
    "import { hidden, secret } from './hidden'; const mine = [hidden(), secret()] as const; mine[0].size + mine[1].size",
    '3',
  ],
  ['text that looks like an import', '"require(\'./even.ts\')"', '"require(\'./even.ts\')"'],
];

describe('what cells import from their folder', () => {
  let client: Client;
  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'piecewise-folder-'));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    client = await Client.start({ cwd: folder });
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

  it('a file with a top-level await is refused with what to do', async () => {
    const { reply } = await client.run("import { x } from './awaits'; x");
    assert.match(reply.traceback.join('\n'), /Export an async function[^]*at awaits\.ts, line 1, column 18/);
  });
});
