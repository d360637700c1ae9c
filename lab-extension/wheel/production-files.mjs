/** Which files of which packages the kernel needs where it runs: no sources, no maps, no binaries of other platforms. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const machine = { platform: process.platform, arch: process.arch };

/** Anywhere in any package. */
const NEVER =
  /(^|\/)(tests?|__tests__|docs?|examples?|benchmarks?|\.github)(\/|$)|\.(map|md|markdown|flow|tsbuildinfo|c|cc|cpp|h|hpp|gyp|gypi|ts\.snap)$|(?<!\.d)\.[cm]?ts$/i;

/** TensorFlow.js comes as one file for Node beside many for browsers; the kernel reads its types from one file of its own. */
const TFJS_BUNDLE =
  /^(package\.json|dist\/(tf[a-z-]*\.node\.js|index\.d\.ts|[a-z-]+\.wasm|register_all_gradients\.js|public\/chained_ops\/.*\.js))$/;

/** What is kept of large packages; of all others, what NEVER leaves. Paths inside the package, with `/`. */
const KEPT = [
  [/^@tensorflow\/tfjs(-(core|layers|data|converter|backend-(cpu|webgl|wasm)))?$/, TFJS_BUNDLE],
  [/^@tensorflow\/tfjs-node$/, /^(package\.json|dist\/|lib\/)/],
  [
    /^onnxruntime-node$/,
    new RegExp(`^(package\\.json|dist/|bin/napi-v\\d+/${machine.platform}/${machine.arch}/)`),
  ],
  [
    /^zeromq$/,
    new RegExp(`^(package\\.json|lib/|build/(manifest\\.json|${machine.platform}/${machine.arch}/))`),
  ],
  [
    /^usearch$/,
    new RegExp(`^(package\\.json|javascript/dist/|prebuilds/${machine.platform}-${machine.arch}/)`),
  ],
  [
    /^@tslab\/typescript-for-tslab$/,
    /^(package\.json|lib\/(typescript\.(js|d\.ts)|lib(\.[a-z0-9.]+)?\.d\.ts))$/,
  ],
  [/^protobufjs$/, /^(package\.json|[a-z-]+\.js|[a-z-]+\.d\.ts|src\/|ext\/)/],
];

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** @returns the folder of a package as Node finds it from another package, or null */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === dirname(folder)) return null;
  }
}

/** @returns the folders of all packages that the one in `start` needs to run, without itself */
export function productionPackages(start) {
  const found = new Set();
  const waiting = [start];
  while (waiting.length > 0) {
    const folder = waiting.pop();
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const dependency = findPackage(name, realpathSync(folder));
      if (dependency === null && name in optionalDependencies) continue;
      if (dependency === null)
        throw new Error(`${name}, which ${folder} needs, is not installed: run npm run setup.`);
      if (found.has(dependency)) continue;
      found.add(dependency);
      waiting.push(dependency);
    }
  }
  return [...found].sort();
}

/** @returns the paths, inside a package, of the files that are carried */
export function productionFiles(folder) {
  const { name } = manifestOf(folder);
  const [, kept] = KEPT.find(([packages]) => packages.test(name)) ?? [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !path.startsWith('node_modules/') && !NEVER.test(path) && (!kept || kept.test(path)))
    .sort();
}
