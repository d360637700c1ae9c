import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup-module';

/** The settings that JupyterLab's own server reads from its folders, without those of a user. */
const PROGRAM = `
import json, sys
from jupyterlab_server.settings_utils import get_settings
lab = sys.prefix + '/share/jupyter/lab'
plugin = '@jupyterlab/apputils-extension:notification'
found, _ = get_settings(lab + '/settings', lab + '/schemas', '/nonexistent', plugin)
print(json.dumps({name: each['default'] for name, each in found['schema']['properties'].items()}))
`;

describe('JupyterLab after the set-up', () => {
  it('neither asks for news nor advertises other versions', () => {
    const python = join(root, '.venv', 'bin', 'python');
    const defaults = JSON.parse(execFileSync(python, ['-c', PROGRAM], { encoding: 'utf8' }));
    assert.equal(defaults.fetchNews, 'false');
    assert.equal(defaults.checkForUpdates, false);
  });
});
