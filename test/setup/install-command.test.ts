import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { root } from './setup-module';

describe('piecewise install', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'piecewise-install-command-'))));
  after(() => rmSync(folder, { recursive: true }));

  function install(...options: string[]) {
    return spawnSync(process.execPath, [join(root, 'kernel-ext', 'lib', 'cli.js'), 'install', ...options], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, JUPYTER_DATA_DIR: '', XDG_DATA_HOME: '' },
    });
  }

  const jupyterData = process.platform === 'darwin' ? ['Library', 'Jupyter'] : ['.local', 'share', 'jupyter'];
  const targets: [string, string[], () => string][] = [
    ['into the home of the user', [], () => join(folder, ...jupyterData)],
    ['into the home of the user with --user', ['--user'], () => join(folder, ...jupyterData)],
    ['into the environment of Jupyter', ['--sys-prefix'], () => join(root, '.venv', 'share', 'jupyter')],
    ['into any environment', ['--prefix'], () => join(folder, 'env', 'share', 'jupyter')],
  ];
  for (const [what, options, dataFolder] of targets) {
    it(`${what}: installs a spec that needs no PATH, with logos, and prints its path`, () => {
      const all = options[0] === '--prefix' ? [...options, join(folder, 'env')] : options;
      const { stdout, stderr, status } = install(...all);
      assert.equal(status, 0, stderr);
      const spec = join(dataFolder(), 'kernels', 'piecewise');
      assert.equal(stdout, `Installed ${spec}\n`);
      const { argv, interrupt_mode } = JSON.parse(readFileSync(join(spec, 'kernel.json'), 'utf8'));
      assert.deepEqual([isAbsolute(argv[0]), isAbsolute(argv[1])], [true, true]);
      assert.equal(interrupt_mode, 'message');
      for (const logo of ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'])
        assert.ok(existsSync(join(spec, logo)), logo);
    });
  }

  it('refuses two destinations, and options that it does not know', () => {
    const two = install('--user', '--prefix', folder);
    assert.equal(two.status, 1);
    assert.match(two.stderr, /--user and --prefix name different places\. Give only one/);
    assert.match(install('--global').stderr, /Unknown option '--global'/);
  });
});
