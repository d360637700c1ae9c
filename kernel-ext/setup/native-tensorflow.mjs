import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailed, command } from './command.mjs';
import { isStamped, writeStamp } from './fingerprint.mjs';
import { kernelExt, nodeModules } from './layout.mjs';
import { runOwnInstaller } from './own-installer.mjs';
import { ADDON, TFJS_NODE, addonFolder, missingBuildTools, placeAddon } from './tensorflow-addon.mjs';
import { TENSORFLOW, libraryFolder, placeLibrary } from './tensorflow-library.mjs';

/** These stamps are in node_modules, so that `npm ci`, which removes the addon, removes them too. */
const WORKS = join(nodeModules, '.cache', 'piecewise', 'native-tensorflow');
const GAVE_UP = join(nodeModules, '.cache', 'piecewise', 'native-tensorflow-gave-up');

/** How long the set-up does without the native library before it tries again. */
const RETRY_MS = 24 * 3600 * 1000;
const LOAD_SECONDS = 60;

const addon = join(TFJS_NODE, ADDON);
const depsLib = join(TFJS_NODE, 'deps', 'lib');

/** Identifies an installation by its Node, addon and library, without loading it. */
function identity() {
  const library = join(depsLib, 'libtensorflow.so');
  if (!existsSync(addon) || !existsSync(library)) return null;
  const files = [addon, realpathSync(library)].map(path => {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return [process.version, ...files].join('\n');
}

/** Loads the library in a separate process, as the kernel does, so that a crash counts as a failure. */
async function load() {
  const cli = join(kernelExt, 'lib', 'cli.js');
  const env = { PIECEWISE_BACKEND: 'tensorflow' };
  const { version } = JSON.parse(
    await command(process.execPath, [cli, 'runtime'], { env, seconds: LOAD_SECONDS }),
  );
  writeStamp(WORKS, identity() ?? '');
  return version;
}

function link() {
  rmSync(join(TFJS_NODE, 'deps'), { recursive: true, force: true });
  mkdirSync(join(TFJS_NODE, 'deps'));
  symlinkSync(join(libraryFolder(), 'lib'), depsLib);
  mkdirSync(dirname(addon), { recursive: true });
  // A copy, because the addon looks for the library relative to its own path, and Node resolves links before it loads.
  rmSync(addon, { force: true });
  cpSync(join(addonFolder(), 'tfjs_binding.node'), addon);
}

async function fromCache() {
  link();
  try {
    await load();
  } catch (error) {
    // It may have been built on another system. Building it again takes ten seconds, so it is removed.
    rmSync(addonFolder(), { recursive: true, force: true });
    throw error;
  }
}

const isCached = () => existsSync(libraryFolder()) && existsSync(addonFolder());

async function fromWheel(report) {
  const missing = missingBuildTools();
  if (missing.length > 0) throw new Error(`the machine has no ${missing.join(' and no ')}`);
  await placeAddon(await placeLibrary(report), report);
  link();
}

/** Tried in this order. Each is verified by loading what it brought. */
const SOURCES = [
  { name: 'as it was installed', possible: () => existsSync(addon), bring: async () => {} },
  { name: 'linked from the cache', possible: isCached, bring: fromCache },
  {
    name: `built against the library in PyPI's wheel of TensorFlow ${TENSORFLOW}`,
    possible: () => true,
    bring: fromWheel,
  },
  // Nobody has published a hash of what this one downloads, so it comes last.
  { name: "by tfjs-node's own installer", possible: () => true, bring: runOwnInstaller },
];

function sentence(error) {
  if (!(error instanceof CommandFailed)) return error.message;
  const reason = error.lastLines.filter(line => /error|fault|cannot|not found|no such/i.test(line)).at(-1);
  return `${error.how}${reason ? `, ${reason}` : ''}`.slice(0, 300);
}

/** Whoever installs a compiler need not wait for a day. */
const circumstances = () => [process.version, ...missingBuildTools()].join(' ');

function giveUp(failures) {
  // Nothing that half works may remain: the kernel would try to load it, and a crash there ends the notebook.
  rmSync(addon, { force: true });
  const reason = failures.join('; ');
  writeStamp(GAVE_UP, JSON.stringify({ reason, time: Date.now(), circumstances: circumstances() }));
  return 'the slower WASM backend';
}

function gaveUp() {
  if (!existsSync(GAVE_UP)) return null;
  const { reason, time, circumstances: then } = JSON.parse(readFileSync(GAVE_UP, 'utf8'));
  return then === circumstances() && Date.now() - time < RETRY_MS ? reason : null;
}

async function run(report) {
  const failures = [];
  for (const source of SOURCES.filter(each => each.possible())) {
    report(source.name);
    try {
      await source.bring(report);
      const version = await load();
      rmSync(GAVE_UP, { force: true });
      return `${version}, ${source.name}`;
    } catch (error) {
      failures.push(`${source.name}: ${sentence(error)}`);
    }
  }
  return giveUp(failures);
}

const override = () =>
  ['wasm', 'cpu'].includes(process.env.PIECEWISE_BACKEND) && process.env.PIECEWISE_BACKEND;

function done() {
  if (override()) return `not needed, PIECEWISE_BACKEND=${override()}`;
  const now = identity();
  if (now !== null && isStamped(WORKS, now)) return 'loaded and tested before';
  return gaveUp() !== null && 'the slower WASM backend';
}

function warning() {
  const reason = override() ? null : gaveUp();
  if (reason === null) return false;
  const missing = missingBuildTools();
  const advice =
    missing.length > 0
      ? `install ${missing.join(' and ')} (Debian, Ubuntu: \`apt install g++ make\`) and`
      : '';
  return [
    `TensorFlow's native library is not available (${reason}).`,
    'Piecewise runs on WASM: forward passes are fast, rows of W several times slower, convolutions cannot be trained.',
    `What you can do: ${advice} run the same command again; to try again at once, remove ${GAVE_UP}.`,
  ].join('\n  ');
}

/** Never fails: without the library, everything but training convolutions still runs, on WASM. @type {import('./steps.mjs').Step} */
export const nativeTensorFlow = {
  name: 'Native TensorFlow',
  done,
  run,
  warning,
  remedy: `check that you may write to ${TFJS_NODE}.`,
};
