import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setupModule, withoutOverride } from './setup-module';

interface Cache {
  cacheFolder(): string;
}
interface Programs {
  npmCall(): string[];
}
interface Command {
  command(program: string, args: string[], options?: { cwd?: string }): Promise<string>;
}
interface Place {
  place(folder: string, fill: (part: string) => Promise<void>): Promise<void>;
}

/** Installs the newest Node of a major version into the cache; npm has it as a package. */
async function nodeOf(major: number): Promise<string> {
  const { cacheFolder } = await setupModule<Cache>('layout.mjs');
  const { npmCall } = await setupModule<Programs>('programs.mjs');
  const { command } = await setupModule<Command>('command.mjs');
  const { place } = await setupModule<Place>('place.mjs');
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder(), `${name}-${major}`);
  const [program, ...args] = npmCall();
  await place(folder, async part => {
    await command(program, [...args, 'install', '--prefix', part, '--ignore-scripts', `${name}@${major}`], {
      cwd: part,
    });
  });
  return join(folder, 'node_modules', name, 'bin', 'node');
}

interface Answer {
  backend: string;
  version: string;
  reason: string;
}

/** The result of startRuntime in a separate process. */
function runtimeOf(node: string, cli: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(node, [cli, 'runtime'], {
    encoding: 'utf8',
    env: { ...withoutOverride(), ...env },
  });
  return { status, stderr, answer: (status === 0 ? JSON.parse(stdout) : null) as Answer };
}

const cli = join(root, 'kernel-ext', 'lib', 'cli.js');

describe('startRuntime()', () => {
  for (const major of [22, 24]) {
    it(`runs native TensorFlow on Node ${major}, without a warning from Node`, async () => {
      const { answer, stderr } = runtimeOf(await nodeOf(major), cli);
      assert.equal(answer?.backend, 'tensorflow', stderr);
      assert.match(answer.version, /^2\.\d+\.\d+$/);
      assert.doesNotMatch(stderr, /Deprecat/);
    });
  }

  it('runs native TensorFlow on this Node and reports it', () => {
    const { answer, stderr } = runtimeOf(process.execPath, cli);
    assert.equal(answer?.backend, 'tensorflow', stderr);
    assert.match(answer.reason, /native library loads and computes/);
  });

  for (const backend of ['wasm', 'cpu']) {
    it(`takes ${backend} when PIECEWISE_BACKEND asks for it, and names the cost`, () => {
      const { answer, stderr } = runtimeOf(process.execPath, cli, { PIECEWISE_BACKEND: backend });
      assert.equal(answer?.backend, backend, stderr);
      assert.equal(answer.version, '4.22.0');
      assert.match(answer.reason, new RegExp(`PIECEWISE_BACKEND asks for ${backend}.*longer`));
      assert.equal(stderr, '');
    });
  }

  it('refuses a backend that does not exist', () => {
    const { status, stderr } = runtimeOf(process.execPath, cli, { PIECEWISE_BACKEND: 'gpu' });
    assert.equal(status, 1);
    assert.match(stderr, /PIECEWISE_BACKEND is "gpu", but it can only be tensorflow, wasm, cpu/);
  });

  describe('without the native addon', () => {
    let folder: string;

    before(() => (folder = installationWithoutAddon()));
    after(() => rmSync(folder, { recursive: true }));

    it('falls back to WASM and reports what failed and what that costs', () => {
      const { answer, stderr } = runtimeOf(process.execPath, join(folder, 'lib', 'cli.js'));
      assert.equal(answer?.backend, 'wasm', stderr);
      assert.match(
        answer.reason,
        /native library does not run here: .*tfjs_binding\.node.*Forward passes stay fast/,
      );
    });

    it('raises an error when PIECEWISE_BACKEND asks for the native library', () => {
      const env = { PIECEWISE_BACKEND: 'tensorflow' };
      const { status, stderr } = runtimeOf(process.execPath, join(folder, 'lib', 'cli.js'), env);
      assert.equal(status, 1);
      assert.match(stderr, /asks for tensorflow, which does not run here .*tfjs_binding\.node/);
    });
  });
});

/** A folder with the compiled package, links to the real packages, and a copy of tfjs-node that lacks only its addon. */
function installationWithoutAddon(): string {
  const folder = mkdtempSync(join(tmpdir(), 'piecewise-no-addon-'));
  cpSync(join(root, 'kernel-ext', 'lib'), join(folder, 'lib'), { recursive: true });
  const link = (name: string) =>
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && name !== '@tensorflow') link(name);
  }
  for (const name of readdirSync(join(root, 'node_modules', '@tensorflow'))) {
    if (name !== 'tfjs-node') link(join('@tensorflow', name));
  }
  const tfjsNode = join('node_modules', '@tensorflow', 'tfjs-node');
  for (const name of ['package.json', 'dist', 'node_modules']) {
    const from = join(root, tfjsNode, name);
    if (existsSync(from)) cpSync(from, join(folder, tfjsNode, name), { recursive: true });
  }
  return folder;
}
