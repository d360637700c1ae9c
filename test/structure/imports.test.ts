import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../kernel-ext/src');

/** The stages of the flow, left to right. A stage imports only itself and stages to its left. */
const flow = [
  ['errors'],
  ['payload'],
  ['capture'],
  ['rules'],
  ['plan'],
  ['run'],
  ['linear-map'],
  ['regions'],
  ['linearization'],
  ['paths', 'census'],
  ['slices', 'atlas'],
  ['data', 'runtime'],
  ['tsne'],
  ['display'],
  ['page'],
  ['progress'],
  ['charts'],
  ['bundles', 'answers', 'export'],
  ['plot'],
  ['registrations'],
  ['index', 'public-errors'],
  ['kernel'],
  ['cli'],
];

const stageOf = (file: string) => path.relative(root, file).split(path.sep)[0].replace(/\.ts$/, '');
const rank = (stage: string) => flow.findIndex(names => names.includes(stage));

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(file);
    else if (file.endsWith('.ts')) yield file;
  }
}

function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport\(|^import) ?'(\.[^']*)'/gm);
  return [...specifiers].map(([, specifier]) => path.resolve(path.dirname(file), specifier));
}

describe('the flow of kernel-ext', () => {
  for (const file of sources(root)) {
    const name = path.relative(root, file);

    it(`${name} imports only from its left`, () => {
      const own = rank(stageOf(file));
      assert.ok(own >= 0, `${name} is in no stage of the flow`);
      const back = importsOf(file).filter(target => {
        const stage = stageOf(target);
        return rank(stage) > own || (rank(stage) === own && stage !== stageOf(file));
      });
      assert.deepEqual(
        back.map(target => path.relative(root, target)),
        [],
      );
    });
  }

  it('is read by a test that would notice a violation', () => {
    assert.deepEqual(importsOf(path.join(root, 'index.ts')).map(stageOf).includes('linearization'), true);
  });
});
