import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataFolderOf,
  installKernelSpec,
  kernelSpec,
  kernelSpecFault,
} from '../../kernel-ext/src/kernel/install';
import { root } from './setup-module';

describe('the kernel spec', () => {
  let prefix: string;
  let dataFolder: string;

  beforeEach(() => {
    prefix = mkdtempSync(join(tmpdir(), 'piecewise-install-'));
    dataFolder = dataFolderOf(prefix);
  });

  afterEach(() => rmSync(prefix, { recursive: true }));

  it('is found by Jupyter, with its display name and interrupts by message', async () => {
    const folder = await installKernelSpec(dataFolder);
    const text = execFileSync(join(root, '.venv', 'bin', 'jupyter'), ['kernelspec', 'list', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, JUPYTER_PATH: dataFolder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { resource_dir, spec } = JSON.parse(text).kernelspecs.piecewise;
    assert.equal(resource_dir, folder);
    assert.equal(spec.display_name, 'TypeScript (Piecewise)');
    assert.equal(spec.language, 'typescript');
    assert.equal(spec.interrupt_mode, 'message');
    assert.equal(spec.argv.at(-1), '{connection_file}');
  });

  it('starts this Node on a kernel that exists, whatever the PATH', () => {
    const [node, main] = kernelSpec().argv;
    assert.equal(node, process.execPath);
    assert.equal(existsSync(main), true);
  });

  it('has no fault once it is installed, even over an old one', async () => {
    await installKernelSpec(dataFolder);
    await installKernelSpec(dataFolder);
    assert.equal(kernelSpecFault(dataFolder), null);
  });

  it('has a fault when it is missing', () => {
    assert.match(kernelSpecFault(dataFolder)!, /kernel\.json does not exist/);
  });

  it('has a fault when it starts another Node', async () => {
    const file = join(await installKernelSpec(dataFolder), 'kernel.json');
    const spec = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...spec, argv: ['/opt/old/node', ...spec.argv.slice(1)] }));
    assert.match(kernelSpecFault(dataFolder)!, /another Node/);
  });

  it('has a fault when a logo is missing, as in those of older versions', async () => {
    rmSync(join(await installKernelSpec(dataFolder), 'logo-svg.svg'));
    assert.match(kernelSpecFault(dataFolder)!, /logo-svg\.svg does not exist/);
  });
});
