import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { cacheFolder, setupFolder, venvPython } from './layout.mjs';
import { place } from './place.mjs';

/** The version of TensorFlow whose C library the addon is built against. The library comes from the wheel for CPython 3.12; those for other Pythons hold the same. */
export const TENSORFLOW = '2.21.0';

const WHEELS = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  },
  'linux-arm64': {
    project: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  },
};

/** What the addon links to, and the headers that its two source files include (found by `g++ -M`). Nothing else is unpacked. */
const MEMBERS = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
];

/** What the wheel and its unpacked files take together, in bytes. */
const DISK_BYTES = 1.3e9;

const machine = `${process.platform}-${process.arch}`;

/** @returns the folder for include/ and lib/, which may not exist yet */
export const libraryFolder = () => join(cacheFolder(), `tensorflow-${TENSORFLOW}-${machine}`);

function checkDisk(folder) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= DISK_BYTES) return;
  throw new Error(
    `${folder} has ${((bavail * bsize) / 1e9).toFixed(1)} GB of free disk space; TensorFlow's library takes ${DISK_BYTES / 1e9} GB while it is unpacked.`,
  );
}

async function downloadWheel(wheel, folder) {
  const requirement = join(folder, 'wheel.txt');
  writeFileSync(requirement, `${wheel.project}==${TENSORFLOW} --hash=sha256:${wheel.sha256}\n`);
  // The wheel's platform and Python are named, so that the Python that runs pip does not matter.
  const args = ['download', '--no-deps', '--no-cache-dir', '--require-hashes', '--only-binary=:all:'];
  args.push('--python-version', '3.12', '--platform', wheel.platform, '--dest', folder, '-r', requirement);
  await command(venvPython, ['-m', 'pip', '--disable-pip-version-check', ...args]);
  return join(
    folder,
    readdirSync(folder).find(name => name.endsWith('.whl')),
  );
}

async function fill(folder, wheel, report) {
  checkDisk(folder);
  report(`downloading ${wheel.project} ${TENSORFLOW} from the Python package index (280 MB)`);
  const file = await downloadWheel(wheel, folder);
  report('unpacking its library (820 MB)');
  await command(venvPython, [join(setupFolder, 'unpack-wheel.py'), file, folder, ...MEMBERS]);
  rmSync(file);
  const lib = join(folder, 'lib');
  mkdirSync(lib);
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    renameSync(join(folder, 'tensorflow', name), join(lib, name));
  }
  renameSync(join(folder, 'tensorflow', 'include'), join(folder, 'include'));
  rmSync(join(folder, 'tensorflow'), { recursive: true });
  // The addon's build asks the linker for these names.
  symlinkSync('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
}

/**
 * Brings TensorFlow's C library and headers into the cache, from the wheel on the Python package index.
 * @returns {Promise<string>} libraryFolder()
 */
export async function placeLibrary(report) {
  const wheel = WHEELS[machine];
  if (!wheel) throw new Error(`The Python package index has no TensorFlow library for ${machine}.`);
  await place(libraryFolder(), part => fill(part, wheel, report));
  return libraryFolder();
}
