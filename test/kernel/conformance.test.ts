import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { environment, OWN_KERNEL, python } from './client';

describe('jupyter_kernel_test', () => {
  it('passes, with no skip but the pager', () => {
    const { stderr, status } = spawnSync(python(), ['-m', 'unittest', '-v', 'conformance'], {
      cwd: __dirname,
      env: { ...environment('conformance', OWN_KERNEL), PIECEWISE_KERNEL: 'conformance' },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const skipped = stderr.split('\n').filter(line => / skipped /.test(line));
    assert.deepEqual(
      skipped.map(line => line.split(' ')[0]),
      ['test_pager'],
      stderr,
    );
    assert.match(stderr, /Ran 13 tests/);
  });
});
