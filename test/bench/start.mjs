/**
 * `npm run bench:start`: how long `npm start` takes until JupyterLab answers, on a clean clone of HEAD with empty caches,
 * and again when everything is there. Needs the package registries and about 2 GB in the temporary folder, which it frees again.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api`)).ok;
  } catch {
    return false;
  }
}

/** @returns seconds from `npm start` to the first answer of JupyterLab */
async function secondsToAnswer(clone, env) {
  const port = await freePort();
  const began = Date.now();
  const options = ['--no-browser', '--port', String(port)];
  const lab = spawn('npm', ['start', '--', ...options], {
    cwd: clone,
    env,
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  let ended = false;
  lab.on('exit', () => (ended = true));
  while (!(await answers(port))) {
    if (ended) throw new Error('npm start ended before JupyterLab answered');
    await sleep(50);
  }
  const seconds = (Date.now() - began) / 1000;
  lab.kill('SIGTERM');
  if (!ended) await once(lab, 'exit');
  return seconds;
}

const folder = mkdtempSync(join(tmpdir(), 'piecewise-bench-'));
try {
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  const env = {
    ...process.env,
    PIECEWISE_CACHE: join(folder, 'cache'),
    PIP_CACHE_DIR: join(folder, 'pip'),
    npm_config_cache: join(folder, 'npm'),
  };
  const first = await secondsToAnswer(clone, env);
  const again = await secondsToAnswer(clone, env);
  console.log(
    `\nnpm start until JupyterLab answers: ${first.toFixed(1)} s on a clean clone with empty caches`,
  );
  console.log(`npm start until JupyterLab answers: ${again.toFixed(1)} s when everything is there`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
