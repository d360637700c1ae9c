import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { command } from './command.mjs';
import { fingerprint } from './fingerprint.mjs';
import { setupFolder, venv, venvPython } from './layout.mjs';
import { findProgram } from './programs.mjs';
import { replaceFile } from './replace-file.mjs';

const STAMP = join(venv, '.requirements.json');
const CONSTRAINTS = join(setupFolder, 'constraints.txt');
const CANDIDATES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];
const CHECK = `
import sys
if sys.version_info < (3, 10): sys.exit('it is Python %d.%d' % sys.version_info[:2])
import venv, ensurepip`;

/** @returns {Promise<string>} the path of a Python that can make a virtual environment */
async function findPython() {
  const tried = [];
  for (const name of [process.env.PYTHON, ...CANDIDATES].filter(Boolean)) {
    const path = findProgram([name]);
    if (path === null) continue;
    try {
      await command(path, ['-c', CHECK], { seconds: 20 });
      return path;
    } catch (error) {
      tried.push(`${path}: ${error.lastLines.at(-1) ?? error.how}`);
    }
  }
  throw new Error(
    'No Python 3.10 or later has the modules venv and ensurepip.' +
      (tried.length > 0 ? ` Tried ${tried.join('; ')}.` : ''),
  );
}

/** What is installed, as the fingerprint of each requirements file. The file is written after success and removed before any change. */
function stamps() {
  return existsSync(STAMP) && existsSync(venvPython) ? JSON.parse(readFileSync(STAMP, 'utf8')) : null;
}

async function install(file, print, report) {
  const before = stamps();
  rmSync(STAMP, { force: true });
  // Without a stamp, an installation may have been interrupted, and pip would take half-copied packages for installed ones.
  if (before === null) {
    const python = await findPython();
    report('making .venv');
    await command(python, ['-m', 'venv', '--clear', venv], { report });
  }
  await command(
    venvPython,
    ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', file, '-c', CONSTRAINTS],
    {
      report,
    },
  );
  replaceFile(STAMP, JSON.stringify({ ...before, [basename(file)]: print }));
}

/** @returns {import('./steps.mjs').Step} that brings the packages of a requirements file into .venv */
function pythonStep(name, requirements) {
  const file = join(setupFolder, requirements);
  const print = fingerprint([file, CONSTRAINTS]);
  return {
    name,
    done: () => stamps()?.[requirements] === print && `.venv has ${requirements}`,
    run: report => install(file, print, report),
    remedy: error =>
      error.message.startsWith('No Python')
        ? 'install Python 3.10 or later with venv (Debian, Ubuntu: `apt install python3 python3-venv`), or name one: PYTHON=/path/to/python3 npm start.'
        : 'check that this machine reaches the Python package index (`python3 -m pip download jupyterlab --no-deps`) and has 1 GB of free disk space.',
  };
}

export const jupyterLab = pythonStep('JupyterLab', 'requirements.txt');
export const testTools = pythonStep('Python test tools', 'requirements-test.txt');
