/** `npm start [-- options of jupyter lab]`: sets up what is missing, then opens JupyterLab on notebooks/. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { startSteps } from './all-steps.mjs';
import { root, venv } from './layout.mjs';
import { runStepsOrExit } from './steps.mjs';

const began = Date.now();
await runStepsOrExit(startSteps);
console.log(
  `Set-up took ${((Date.now() - began) / 1000).toFixed(1)} s. JupyterLab starts on notebooks/; Ctrl-C twice ends it.`,
);

const notebooks = join(root, 'notebooks');
mkdirSync(notebooks, { recursive: true });
// JupyterLab requires this flag of root, and a container often has no other user.
const asRoot = process.getuid?.() === 0 && !process.argv.includes('--allow-root') ? ['--allow-root'] : [];
const jupyter = spawn(
  join(venv, 'bin', 'python'),
  ['-m', 'jupyter', 'lab', notebooks, ...asRoot, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    // As in an activated environment, its programs come first.
    env: { ...process.env, VIRTUAL_ENV: venv, PATH: `${join(venv, 'bin')}:${process.env.PATH}` },
  },
);

// The terminal sends Ctrl-C to JupyterLab, too, which asks before it ends. Other signals are passed on.
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) jupyter.kill('SIGINT');
});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => jupyter.kill(signal));
jupyter.on('error', error => {
  console.error(`JupyterLab did not start: ${error.message}. Remove ${venv} and run \`npm start\` again.`);
  process.exit(1);
});
jupyter.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
