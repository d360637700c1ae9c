import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import { LINEARIZATION_MIME, type LinearizationPayload } from '../../kernel-ext/src/display/payload';
import { payloadFaults } from '../../kernel-ext/src/display/payload-faults';
import { LINEARIZATION_SCHEMA } from '../../kernel-ext/src/display/payload-schema';
import { installKernelSpec } from '../../kernel-ext/src/kernel/install';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const folder = join(root, 'notebooks');
const fitsSchema = new Ajv({ strict: true, allErrors: true }).compile(LINEARIZATION_SCHEMA);

/** What nbformat says of a cell and of its outputs. */
interface Output {
  output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  name?: string;
  data?: Record<string, unknown>;
  text?: string | string[];
  traceback?: string[];
}
interface Cell {
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
}

const textOf = (text: unknown): string => (Array.isArray(text) ? text.join('') : String(text));

async function outputsOf(path: string): Promise<Output[]> {
  const { cells } = JSON.parse(await readFile(path, 'utf8')) as { cells: Cell[] };
  return cells.flatMap(cell => cell.outputs ?? []);
}

/**
 * What a reader sees that does not depend on the machine: the forms of each output, and the formulas. How a stream is
 * cut into messages is a matter of time, so neighbors count once.
 */
function gist(outputs: Output[]): string[] {
  const lines = outputs.map(({ output_type, data = {} }) => {
    const formula = /^.* = W·x .*$/m.exec(textOf(data['text/plain']));
    return [output_type, ...Object.keys(data).sort(), formula?.[0] ?? ''].join(' ');
  });
  return lines.filter((line, i) => !line.startsWith('stream') || line !== lines[i - 1]);
}

for (const name of readdirSync(folder).filter(file => file.endsWith('.ipynb'))) {
  describe(`notebooks/${name}`, () => {
    let scratch: string;
    let outputs: Output[];
    let nbconvert: (...args: string[]) => Promise<unknown>;

    before(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'piecewise-notebooks-'));
      installKernelSpec(join(scratch, 'jupyter'));
      const python = process.env.PIECEWISE_PYTHON ?? join(root, '.venv', 'bin', 'python');
      if (!existsSync(python)) throw new Error(`No Python with nbconvert at ${python}: run npm start once.`);
      const env = { ...process.env, JUPYTER_PATH: join(scratch, 'jupyter') };
      nbconvert = (...args) => run(python, ['-m', 'nbconvert', '--output-dir', scratch, ...args], { env });
      await nbconvert('--to', 'notebook', '--execute', '--output', name, join(folder, name));
      outputs = await outputsOf(join(scratch, name));
    });
    after(() => rm(scratch, { recursive: true, force: true }));

    it('runs from its first to its last cell without an error or a warning', () => {
      assert.ok(outputs.length > 0);
      const bad = outputs.filter(({ output_type, name }) => output_type === 'error' || name === 'stderr');
      assert.deepEqual(bad, []);
    });

    it('gives what is committed: the same forms, the same formulas', async () => {
      assert.deepEqual(gist(outputs), gist(await outputsOf(join(folder, name))));
    });

    it('shows sound linearizations, each with a page, a picture and text', () => {
      const shown = outputs.filter(({ data }) => data && LINEARIZATION_MIME in data);
      assert.ok(shown.length > 0);
      for (const { data } of shown) {
        for (const twin of ['text/html', 'image/png', 'text/plain']) assert.ok(twin in data!, twin);
        const payload = data![LINEARIZATION_MIME] as LinearizationPayload;
        assert.ok(fitsSchema(payload), JSON.stringify(fitsSchema.errors));
        assert.deepEqual(payloadFaults(payload), []);
        assert.ok(payload.residual.relative < 1e-5);
      }
    });

    for (const format of ['html', 'markdown']) {
      it(`reads well in nbconvert’s ${format}: picture, table and formula`, async () => {
        await nbconvert('--to', format, join(scratch, name));
        const page = await readFile(
          join(scratch, name.replace('.ipynb', format === 'html' ? '.html' : '.md')),
          'utf8',
        );
        for (const { data } of outputs.filter(({ data }) => data && LINEARIZATION_MIME in data)) {
          const html = textOf(data!['text/html']);
          const [picture] = /data:image\/png;base64,[^"]+/.exec(html)!;
          assert.ok(page.includes(picture), 'the picture');
          assert.ok(page.includes('>W·x</th>'), 'the table');
          assert.match(page, /= W·x <span[^>]*>[+−][\d.]+<\/span> \+ b/);
        }
      });
    }
  });
}
