import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './code-blocks';

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Folders of the repository: what follows them in a text is a path. */
const IN_REPOSITORY = /`(?:npm test -- )?((?:test|notebooks|kernel-ext|lab-extension)\/[\w./-]+)/g;

/** Written by tests and benchmarks, and not in the repository. */
const WRITTEN = ['test/output'];

const allOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(groups => groups.slice(1).find(group => group !== undefined)!);

for (const file of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/benchmarks.md', 'docs/onnx.md']) {
  describe(file, () => {
    const text = readFileSync(path.join(root, file), 'utf8');

    it('links only to files that exist', () => {
      const targets = allOf(text, /\]\((?!http)([^)]+)\)|(?:src|srcset)="([^"]+)"/g);
      const folder = path.dirname(path.join(root, file));
      assert.deepEqual(
        targets.filter(target => !existsSync(path.join(folder, target))),
        [],
      );
    });

    it('names only paths that exist', () => {
      const missing = allOf(text, IN_REPOSITORY).filter(name => !existsSync(path.join(root, name)));
      assert.deepEqual(
        missing.filter(name => !WRITTEN.includes(name)),
        [],
      );
    });

    it('names only commands that package.json has', () => {
      const commands = allOf(text, /npm run ([\w:-]+)/g);
      assert.deepEqual(
        commands.filter(command => !(command in scripts)),
        [],
      );
    });
  });
}

describe('README.md and docs/benchmarks.md', () => {
  it('have links and commands to check', () => {
    const count = (file: string, pattern: RegExp) =>
      allOf(readFileSync(path.join(root, file), 'utf8'), pattern).length;
    assert.ok(count('README.md', /\]\((?!http)([^)]+)\)/g) > 4);
    assert.ok(count('docs/benchmarks.md', /npm run ([\w:-]+)/g) > 20);
  });
});
