import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const OLDEST = join(ROOT, '.venv/lab-oldest');
const EXTENSION = join(ROOT, 'lab-extension/jupyterlab_piecewise/labextension');

/** Another extension that draws plotly figures. The oldest JupyterLab has it installed, as a user may. */
const OTHER_RENDERER = join(__dirname, 'other-renderer');

/** A separate JupyterLab with a port of its own; its configuration, runtime files and notebooks are in a folder that is removed when it stops. */
export interface JupyterServer {
  /** Its address, without a slash at the end. */
  url: string;
  /** The folder whose notebooks it shows. */
  folder: string;
  /** Undoes what a test has changed in the settings. A page sees it once it is loaded again. */
  resetSettings(): Promise<void>;
  /** Changes settings as a person does in the settings editor. @param plugin for example `jupyterlab-piecewise:plugin` */
  changeSettings(plugin: string, settings: object): Promise<void>;
  /** Ends the kernels of the notebooks in a folder below the root. */
  endSessions(folder: string): Promise<void>;
  stop(): Promise<void>;
}

/** The Python that has JupyterLab: the one that $PIECEWISE_PYTHON names, or else the one that npm start sets up. */
function python(): string {
  const path = process.env.PIECEWISE_PYTHON ?? join(ROOT, '.venv/bin/python');
  if (!existsSync(path))
    throw new Error(
      `The browser tests need JupyterLab in ${path}, which does not exist: run npm start once.`,
    );
  return path;
}

/** The newest JupyterLab 4, or the oldest that the lab extension claims to run in. */
export type LabVersion = 'newest' | 'oldest';

export async function startJupyter(version: LabVersion = 'newest'): Promise<JupyterServer> {
  if (!existsSync(join(EXTENSION, 'package.json'))) {
    throw new Error(`The lab extension is not built (${EXTENSION}): run npm run build.`);
  }
  const home = await mkdtemp(join(tmpdir(), 'piecewise-lab-'));
  const folder = join(home, 'work');
  await mkdir(join(home, 'labextensions'), { recursive: true });
  await mkdir(folder);
  await symlink(EXTENSION, join(home, 'labextensions/jupyterlab-piecewise'));
  if (version === 'oldest') await symlink(OTHER_RENDERER, join(home, 'labextensions/other-renderer'));
  await writeFile(join(home, 'jupyter_server_config.json'), JSON.stringify(configuration(home)));
  await quietSettings(join(home, 'settings'));
  const port = await freePort();
  const server = spawn(python(), argumentsFor(port, home, folder), {
    cwd: folder,
    env: environment(home, version),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/api/status`, server);
  const stop = async () => {
    await ended(server);
    await rm(home, { recursive: true, force: true });
  };
  return {
    url,
    folder,
    resetSettings: () => quietSettings(join(home, 'settings')),
    changeSettings: (plugin, settings) => changeSettings(url, plugin, settings),
    endSessions: name => endSessions(url, name),
    stop,
  };
}

function argumentsFor(port: number, home: string, folder: string): string[] {
  return [
    ...['-m', 'jupyterlab', '--no-browser', `--port=${port}`, '--ServerApp.port_retries=0', '--ip=127.0.0.1'],
    ...[
      '--allow-root',
      `--ServerApp.root_dir=${folder}`,
      `--LabApp.workspaces_dir=${join(home, 'workspaces')}`,
    ],
  ];
}

function configuration(home: string): object {
  return {
    IdentityProvider: { token: '' },
    ServerApp: { disable_check_xsrf: true },
    // The tests run JupyterLab's own commands through window.jupyterapp.
    LabApp: { expose_app_in_browser: true, extra_labextensions_path: [join(home, 'labextensions')] },
    LabServerApp: { extra_labextensions_path: [join(home, 'labextensions')] },
  };
}

/** Resets the settings to the defaults, but keeps JupyterLab from asking whether it may fetch news: the question would cover the pictures. */
async function quietSettings(settings: string): Promise<void> {
  await rm(settings, { recursive: true, force: true });
  const folder = join(settings, '@jupyterlab/apputils-extension');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'notification.jupyterlab-settings'), JSON.stringify({ fetchNews: 'false' }));
}

function environment(home: string, version: LabVersion): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: home,
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTER_DATA_DIR: process.env.JUPYTER_DATA_DIR ?? join(home, 'data'),
    JUPYTERLAB_SETTINGS_DIR: join(home, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
    ...(version === 'oldest' && { PYTHONPATH: OLDEST, JUPYTERLAB_DIR: join(OLDEST, 'share/jupyter/lab') }),
  };
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  let log = '';
  server.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  server.stdout?.resume();
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`JupyterLab ended with ${server.exitCode}:\n${log}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise(wait => setTimeout(wait, 150));
  }
  throw new Error(`JupyterLab did not answer at ${url} within 60 s:\n${log}`);
}

async function changeSettings(url: string, plugin: string, settings: object): Promise<void> {
  const answer = await fetch(`${url}/lab/api/settings/${encodeURIComponent(plugin)}`, {
    method: 'PUT',
    body: JSON.stringify({ raw: JSON.stringify(settings) }),
    headers: { 'content-type': 'application/json' },
  });
  if (answer.status !== 204) throw new Error(`The settings of ${plugin} were refused: ${answer.status}.`);
}

async function endSessions(url: string, folder: string): Promise<void> {
  const sessions = (await (await fetch(`${url}/api/sessions`)).json()) as { id: string; path: string }[];
  for (const { id, path } of sessions)
    if (path.startsWith(`${folder}/`)) await fetch(`${url}/api/sessions/${id}`, { method: 'DELETE' });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGTERM');
  const late = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}
