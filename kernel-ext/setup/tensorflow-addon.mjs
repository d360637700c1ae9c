import { cpSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { command } from './command.mjs';
import { cacheFolder, nodeModules, venvPython } from './layout.mjs';
import { place } from './place.mjs';
import { findProgram, npmCall } from './programs.mjs';
import { TENSORFLOW } from './tensorflow-library.mjs';

export const TFJS_NODE = join(nodeModules, '@tensorflow', 'tfjs-node');

/** Node-API is stable across Node versions: an addon for level 8 serves Node 20, 22 and 24. */
const NAPI = 8;
export const ADDON = join('lib', `napi-v${NAPI}`, 'tfjs_binding.node');

/** @returns the folder of the cache for tfjs_binding.node, which may not exist yet */
export function addonFolder() {
  const { version } = JSON.parse(readFileSync(join(TFJS_NODE, 'package.json'), 'utf8'));
  return join(
    cacheFolder(),
    `tfjs-node-${version}-tensorflow-${TENSORFLOW}-${process.platform}-${process.arch}`,
  );
}

/** @returns the programs that a build needs and this machine lacks, by the names under which they are installed */
export function missingBuildTools() {
  const missing = [];
  if (!findProgram([process.env.CXX, 'g++', 'c++', 'clang++'])) missing.push('g++');
  if (!findProgram([process.env.MAKE, 'make', 'gmake'])) missing.push('make');
  return missing;
}

/** @returns the node-gyp that npm brings, found from npm's own folder */
function nodeGyp() {
  const npm = realpathSync(npmCall().at(-1));
  return createRequire(npm).resolve('node-gyp/bin/node-gyp.js');
}

/**
 * Finds Node's headers: where npm's configuration puts them, or else beside this Node. Without either, node-gyp downloads them.
 * @returns {Promise<string | null>}
 */
async function headersFolder() {
  const [program, ...args] = npmCall();
  const configured = (
    await command(program, [...args, 'config', 'get', 'nodedir'], { cwd: nodeModules })
  ).trim();
  if (configured && configured !== 'undefined' && configured !== 'null') return configured;
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  const versionFile = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(versionFile)) return null;
  const [, major] = /#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(versionFile, 'utf8')) ?? [];
  return major === process.versions.node.split('.')[0] ? prefix : null;
}

/** Builds in a copy of the package's sources, so that node_modules never holds an unfinished build. */
async function build(folder, library, report) {
  const work = join(folder, 'build-folder');
  for (const name of ['binding', 'binding.gyp', 'package.json']) {
    cpSync(join(TFJS_NODE, name), join(work, name), { recursive: true });
  }
  symlinkSync(library, join(work, 'deps'));
  const headers = await headersFolder();
  const args = ['rebuild', ...(headers ? [`--nodedir=${headers}`] : []), `--python=${venvPython}`, '--'];
  args.push(
    `-Dnapi_build_version=${NAPI}`,
    '-Dmodule_name=tfjs_binding',
    `-Dmodule_path=${join(folder, 'built')}`,
  );
  report('compiling the addon of @tensorflow/tfjs-node (about 10 s)');
  await command(process.execPath, [nodeGyp(), ...args], { cwd: work });
  renameSync(join(folder, 'built', 'tfjs_binding.node'), join(folder, 'tfjs_binding.node'));
  rmSync(work, { recursive: true });
  rmSync(join(folder, 'built'), { recursive: true });
}

/**
 * Builds tfjs-node's addon into the cache.
 * @param {string} library a folder with include/ and lib/
 * @returns {Promise<string>} addonFolder()
 */
export async function placeAddon(library, report) {
  await place(addonFolder(), part => build(part, library, report));
  return addonFolder();
}
