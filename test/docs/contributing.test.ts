import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { codeBlocks, root } from './code-blocks';

describe('CONTRIBUTING.md', () => {
  it('shows rules exactly as they are in the sources', () => {
    const folder = path.join(root, 'kernel-ext/src/rules');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    const pieces = codeBlocks('CONTRIBUTING.md', 'ts').flatMap(block => block.trim().split('\n\n'));
    assert.ok(pieces.length >= 3);
    for (const piece of pieces) assert.ok(sources.includes(piece), `no longer in the sources:\n${piece}`);
  });

  it('names every folder of kernel-ext/src', () => {
    const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
    const folders = readdirSync(path.join(root, 'kernel-ext/src'), { withFileTypes: true }).filter(e =>
      e.isDirectory(),
    );
    for (const { name } of folders) assert.ok(text.includes(`| ${name}/ |`), `${name}/ is missing`);
  });
});
