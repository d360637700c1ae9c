/**
 * Bundles lib/ into the prebuilt extension that JupyterLab loads (jupyterlab.outputDir in package.json).
 * @jupyterlab/builder shares JupyterLab's own packages with the extension; which ones, it reads from the
 * installed JupyterLab: $JUPYTERLAB_CORE_PATH, else the one in ../.venv.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const builder = createRequire(import.meta.url).resolve('@jupyterlab/builder/lib/build-labextension.js');

const built = spawnSync(process.execPath, [builder, '--core-path', corePath(), here], { stdio: 'inherit' });
process.exit(built.status ?? 1);

function corePath() {
  if (process.env.JUPYTERLAB_CORE_PATH) return process.env.JUPYTERLAB_CORE_PATH;
  const python = ['bin/python', 'Scripts/python.exe'].map(p => join(here, '../.venv', p)).find(existsSync);
  if (!python) {
    fail('There is no Python environment in .venv: run npm start once, or set JUPYTERLAB_CORE_PATH.');
  }
  const script =
    'import jupyterlab, os; print(os.path.join(os.path.dirname(jupyterlab.__file__), "staging"))';
  const asked = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  if (asked.status !== 0) {
    fail(`${python} has no JupyterLab: run npm start once, or set JUPYTERLAB_CORE_PATH.\n${asked.stderr}`);
  }
  return asked.stdout.trim();
}

function fail(sentence) {
  console.error(`jupyterlab-piecewise: ${sentence}`);
  process.exit(1);
}
