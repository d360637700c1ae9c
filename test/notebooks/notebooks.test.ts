import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  EMBEDDING_MIME,
  type EmbeddingPayload,
  LINEARIZATION_MIME,
  type LinearizationPayload,
  PATH_MIME,
  readPath,
} from '../../kernel-ext/src/payload';
import { isProgressBar } from '../progress/is-progress-bar';
import { embeddingFaults, linearizationFaults } from '../payload/sum-faults';
import { installKernelSpec } from '../../kernel-ext/src/kernel/install';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const folder = join(root, 'notebooks');

/** A cell and its outputs, as nbformat defines them. */
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

function outputsOf(path: string): Output[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] };
  return cells.flatMap(cell => cell.outputs ?? []);
}

const isLinearization = ({ data = {} }: Output) => LINEARIZATION_MIME in data;

/** The base64 of a picture as a reader without scripts gets it. */
const pictureOf = ({ data = {} }: Output): string | undefined =>
  /data:image\/png;base64,([^"]+)/.exec(textOf(data['text/html'] ?? ''))?.[1] ??
  (data['image/png'] as string | undefined)?.trim();

/** A notebook trains for up to a minute where nothing else runs; the machine may be busy. */
const EXECUTION_MS = 600_000;

const NUMBER = /[+−-]?\d[\d,]*(\.\d+)?/g;

const formulaOf = ({ data = {} }: Output): string =>
  /^.* = W·x .*$/m.exec(textOf(data['text/plain']))?.[0] ?? '';

/**
 * What a reader sees that does not depend on the machine: the forms of each output, and the formulas without their numbers.
 * How a stream is cut into messages is a matter of time, so neighbors count once; so is whether work takes long enough for a
 * progress bar.
 */
function gist(outputs: Output[]): string[] {
  const lines = outputs
    .filter(({ data }) => !isProgressBar(data))
    .map(output =>
      [
        output.output_type,
        ...Object.keys(output.data ?? {}).sort(),
        formulaOf(output).replace(NUMBER, '#'),
      ].join(' '),
    );
  return lines.filter((line, i) => !line.startsWith('stream') || line !== lines[i - 1]);
}

/** How much worse a training on another processor may turn out: margins that still tell a good embedding from a bad one. */
const LESS_TRUSTWORTHY = 0.05;
const MORE_ERROR = 10;

/** The notebooks that train the network of their formulas. Rounding grows as a network learns, so its numbers are its own. */
const TRAINED = ['07-reproduce-van-der-maaten-2009.ipynb'];

/** A number that is printed after rounding may differ by one unit of its last digit, and by what the decimal point costs. */
const LAST_DIGIT = 1.001;

function assertSameNumbers(actual: string, expected: string): void {
  const numbers = actual.match(NUMBER) ?? [];
  (expected.match(NUMBER) ?? []).forEach((text, i) => {
    const unit = 10 ** -(text.split('.')[1]?.length ?? 0);
    const [got, wanted] = [numbers[i], text].map(number =>
      Number(number.replace('−', '-').replaceAll(',', '')),
    );
    assert.ok(Math.abs(got - wanted) <= LAST_DIGIT * unit, `${actual} instead of ${expected}`);
  });
}

/** How good the maps are that a notebook has trained, as it prints that: T(12), and the 1-NN error in percent. */
function qualities(outputs: Output[]): { trustworthiness: number; error: number }[] {
  const text = outputs.map(output => textOf(output.text ?? '')).join('');
  const find = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, number]) => Number(number));
  const errors = find(/1-NN error (\d+) %/g);
  return find(/T\(12\) (\d\.\d+)/g).map((trustworthiness, i) => ({ trustworthiness, error: errors[i] }));
}

for (const name of readdirSync(folder).filter(file => file.endsWith('.ipynb'))) {
  const committed = outputsOf(join(folder, name));

  describe(`notebooks/${name}`, () => {
    let scratch: string;
    let outputs: Output[];
    let nbconvert: (...args: string[]) => Promise<unknown>;

    before(async function () {
      this.timeout(EXECUTION_MS);
      scratch = await mkdtemp(join(tmpdir(), 'piecewise-notebooks-'));
      await installKernelSpec(join(scratch, 'jupyter'));
      const python = process.env.PIECEWISE_PYTHON ?? join(root, '.venv', 'bin', 'python');
      if (!existsSync(python)) throw new Error(`No Python with nbconvert at ${python}: run npm start once.`);
      const env = { ...process.env, JUPYTER_PATH: join(scratch, 'jupyter') };
      nbconvert = (...args) => run(python, ['-m', 'nbconvert', '--output-dir', scratch, ...args], { env });
      await nbconvert('--to', 'notebook', '--execute', '--output', name, join(folder, name));
      outputs = outputsOf(join(scratch, name));
    });
    after(() => rm(scratch, { recursive: true, force: true }));

    it('runs from its first to its last cell without an error or a warning', () => {
      assert.ok(outputs.length > 0);
      const bad = outputs.filter(({ output_type, name }) => output_type === 'error' || name === 'stderr');
      assert.deepEqual(bad, []);
    });

    it('gives what is committed: the same forms, the same formulas', () => {
      assert.deepEqual(gist(outputs), gist(committed));
      if (TRAINED.includes(name)) return;
      const formulas = outputs.map(formulaOf).filter(Boolean);
      committed
        .map(formulaOf)
        .filter(Boolean)
        .forEach((formula, i) => assertSameNumbers(formulas[i], formula));
    });

    it('trains maps as good as those that are committed', () => {
      const trained = qualities(outputs);
      const expected = qualities(committed);
      assert.equal(trained.length, expected.length);
      trained.forEach(({ trustworthiness, error }, i) => {
        const found = `T(12) ${trustworthiness}, 1-NN error ${error} %`;
        assert.ok(trustworthiness > expected[i].trustworthiness - LESS_TRUSTWORTHY, found);
        assert.ok(error < expected[i].error + MORE_ERROR, found);
      });
    });

    it('shows pictures, and sound linearizations with a page, a picture and text', () => {
      assert.ok(outputs.some(output => pictureOf(output) !== undefined));
      for (const { data } of outputs.filter(isLinearization)) {
        for (const twin of ['text/html', 'image/png', 'text/plain']) assert.ok(twin in data!, twin);
        const payload = data![LINEARIZATION_MIME] as LinearizationPayload;
        assert.deepEqual(linearizationFaults(payload), []);
        assert.ok(payload.residual.relative < 1e-5);
      }
    });

    it('shows embeddings that their reader accepts and that add up', () => {
      for (const { data } of outputs.filter(({ data }) => data && EMBEDDING_MIME in data)) {
        assert.deepEqual(embeddingFaults(data![EMBEDDING_MIME] as EmbeddingPayload), []);
      }
    });

    it('shows paths that their reader accepts, with a picture', () => {
      for (const { data } of outputs.filter(({ data }) => data && PATH_MIME in data)) {
        assert.ok(readPath(data![PATH_MIME]).regions > 0);
        assert.ok('image/svg+xml' in data!);
      }
    });

    const pages = new Map<string, Promise<string>>();
    const convert = async (to: 'html' | 'markdown') => {
      await nbconvert('--to', to, join(scratch, name));
      return readFile(join(scratch, name.replace('.ipynb', to === 'html' ? '.html' : '.md')), 'utf8');
    };
    /** Starting nbconvert takes seconds, so each form is made once. */
    const converted = (to: 'html' | 'markdown') => {
      if (!pages.has(to)) pages.set(to, convert(to));
      return pages.get(to)!;
    };

    it('has all its pictures in nbconvert’s html', async () => {
      const page = (await converted('html')).replaceAll('\\n', '').replaceAll('\n', '');
      const pictures = outputs.map(pictureOf).filter(picture => picture !== undefined);
      for (const picture of pictures) assert.ok(page.includes(picture));
    });

    for (const format of ['html', 'markdown'] as const) {
      it(`reads well in nbconvert’s ${format}: table and formula of each linearization`, async () => {
        const page = await converted(format);
        for (const output of outputs.filter(isLinearization)) {
          assert.ok(page.includes(pictureOf(output)!), 'the picture');
          assert.ok(page.includes('>W·x</th>'), 'the table');
          assert.match(page, /= W·x <span[^>]*>[+−][\d.]+<\/span> \+ b/);
        }
      });
    }
  });
}
