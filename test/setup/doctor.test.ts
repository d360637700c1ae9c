import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnose, report } from '../../kernel-ext/src/kernel/doctor';
import { root, withoutOverride } from './setup-module';

describe('piecewise doctor', () => {
  function doctor(env: Record<string, string> = {}) {
    return spawnSync(join(root, 'node_modules', '.bin', 'piecewise'), ['doctor'], {
      encoding: 'utf8',
      env: { ...withoutOverride(), ...env },
    });
  }

  it('finds nothing wrong after the set-up, and names every part', () => {
    const { stdout, status } = doctor();
    assert.equal(status, 0, stdout);
    assert.match(stdout, new RegExp(`^ok +Node +${process.version} `, 'm'));
    assert.match(stdout, /^ok +Python +3\.\d+\.\d+ in .*\.venv$/m);
    assert.match(stdout, /^ok +JupyterLab +4\.\d+\.\d+$/m);
    assert.match(stdout, /^ok +Kernel spec +piecewise/m);
    assert.match(stdout, /^ok +Lab extension +jupyterlab-piecewise \d/m);
    assert.match(stdout, /^ok +Backend +tensorflow 2\.\d+\.\d+: TensorFlow's native library/m);
  });

  it('reports that a backend was requested', () => {
    assert.match(
      doctor({ PIECEWISE_BACKEND: 'wasm' }).stdout,
      /Backend +wasm 4\.22\.0: PIECEWISE_BACKEND asks for wasm/,
    );
  });

  it('fails and advises what to do when the requested backend does not exist', () => {
    const { stdout, status } = doctor({ PIECEWISE_BACKEND: 'gpu' });
    assert.equal(status, 1);
    assert.match(stdout, /FAULT +Backend +.*PIECEWISE_BACKEND is "gpu"/);
  });

  it('names what an environment lacks, each with a remedy', async () => {
    const prefix = mkdtempSync(join(tmpdir(), 'piecewise-doctor-'));
    const own = process.env.JUPYTER_DATA_DIR;
    try {
      process.env.JUPYTER_DATA_DIR = join(prefix, 'user');
      mkdirSync(join(prefix, 'bin'));
      symlinkSync('/usr/bin/false', join(prefix, 'bin', 'python'));
      const findings = await diagnose(prefix);
      const faults = findings.filter(({ ok }) => !ok).map(({ name }) => name);
      assert.deepEqual(faults, ['Python', 'JupyterLab', 'Kernel spec', 'Lab extension']);
      assert.equal(report(findings).match(/What you can do: /g)?.length, 4);
    } finally {
      if (own === undefined) delete process.env.JUPYTER_DATA_DIR;
      else process.env.JUPYTER_DATA_DIR = own;
      rmSync(prefix, { recursive: true });
    }
  });
});
