import { delimiter, join } from 'node:path';
import { command } from './command.mjs';
import { nodeModules } from './layout.mjs';
import { TFJS_NODE } from './tensorflow-addon.mjs';

const HOST = 'https://storage.googleapis.com';
const ANSWER_MS = 5_000;
const INSTALL_SECONDS = 600;

/** Asks the host first, because behind a firewall the installer itself would wait for minutes. */
async function checkHost() {
  try {
    await fetch(`${HOST}/tensorflow/`, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    const why = error.cause?.code ?? error.cause?.message ?? error.message;
    throw new Error(`the host that it downloads from, ${HOST}, does not answer (${why})`, { cause: error });
  }
}

/** Runs the install script of @tensorflow/tfjs-node, which downloads a library and an addon. npm itself runs no install scripts here. */
export async function runOwnInstaller(report) {
  await checkHost();
  report('running the install script of @tensorflow/tfjs-node');
  const PATH = [join(nodeModules, '.bin'), process.env.PATH].join(delimiter);
  await command(process.execPath, [join('scripts', 'install.js')], {
    cwd: TFJS_NODE,
    env: { PATH },
    seconds: INSTALL_SECONDS,
    report,
  });
}
