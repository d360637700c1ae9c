import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../setup/setup-module';

const run = promisify(execFile);

const SOURCE = `for (const i of progress([...Array(300).keys()], { label: 'Counting', unit: 'steps' })) {
  await new Promise(setImmediate);
}`;

describe('progress in a notebook that nbconvert runs', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'piecewise-progress-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('is one output, the last state: a bar in HTML, a line in text', async () => {
    const cell = { cell_type: 'code', id: 'steps', source: SOURCE, outputs: [], execution_count: null };
    const kernelspec = { name: 'piecewise', display_name: 'TypeScript (Piecewise)', language: 'typescript' };
    const notebook = {
      cells: [{ ...cell, metadata: {} }],
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5,
    };
    writeFileSync(join(folder, 'steps.ipynb'), JSON.stringify(notebook));
    const jupyter = join(root, '.venv', 'bin', 'jupyter');
    const convert = (...options: string[]) =>
      run(jupyter, ['nbconvert', ...options, 'steps.ipynb'], { cwd: folder });
    await convert('--to', 'notebook', '--execute', '--inplace');
    const { cells } = JSON.parse(readFileSync(join(folder, 'steps.ipynb'), 'utf8')) as {
      cells: { outputs: { data: Record<string, string | string[]> }[] }[];
    };
    assert.equal(cells[0].outputs.length, 1);
    assert.match(
      [cells[0].outputs[0].data['text/plain']].flat().join(''),
      /^Counting {2}300 steps in [\d.]+ s$/,
    );
    await convert('--to', 'html');
    const page = readFileSync(join(folder, 'steps.html'), 'utf8');
    const bars = page.match(/<div[^>]*role="progressbar"[^>]*>/g) ?? [];
    assert.equal(bars.length, 1);
    assert.match(bars[0], /aria-valuenow="100"/);
  });
});
