import { createRequire, isBuiltin } from 'node:module';
import type * as typescript from '@tslab/typescript-for-tslab';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));

/** The compiler inside tslab: its nodes and diagnostics are those of its own TypeScript 5.0. */
export const ts = requireFromTslab('@tslab/typescript-for-tslab') as typeof typescript;

/**
 * What cells may use beyond tslab's own options: packages that are typed only through `exports`, imports that name
 * their file with `.ts`, and the library of this Node (as far as TypeScript 5.0 knows it). Of the folder's @types only Node's are
 * globals, and those are named by path: globals for a browser or a test runner are no names of a notebook, and slow every cell.
 */
export const DIALECT: typescript.CompilerOptions = {
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

/** As above, but for what runs instead of for its types. */
const RUNTIME_OPTIONS = { ...DIALECT, allowJs: true, noDtsResolution: true, customConditions: ['node'] };

/** Path of the file that `import name` in the file `from` runs, or undefined. */
export function resolveModule(name: string, from: string): string | undefined {
  return ts.resolveModuleName(name, from, RUNTIME_OPTIONS, ts.sys).resolvedModule?.resolvedFileName;
}

/**
 * Lets the compiler resolve imports of packages once, and those of the notebook's own files each time: a file or package
 * that was missing may be there now. A file whose imports were all found is asked no more until it changes; if all were
 * asked, the compiler would look for every file of the program anew in every cell. tslab cannot take word of changed
 * folders, so none is given.
 */
export function resolveImportsAnew<T extends typescript.BuilderProgram>(
  host: typescript.WatchCompilerHost<T>,
  options: typescript.CompilerOptions,
): typescript.WatchCompilerHost<T> {
  const folder = `${host.getCurrentDirectory()}/`;
  const packages = ts.createModuleResolutionCache(folder, name => name, options);
  const incomplete = new Set<string>();
  host.resolveModuleNameLiterals = (names, file, redirected, used) => {
    const isOwn = file.startsWith(folder) && !file.includes('/node_modules/');
    const cache = isOwn ? undefined : packages;
    const found = names.map(({ text }) => ts.resolveModuleName(text, file, used, host, cache, redirected));
    if (isOwn && found.some(({ resolvedModule }, i) => !resolvedModule && !isBuiltin(names[i].text)))
      incomplete.add(file);
    else incomplete.delete(file);
    return found;
  };
  host.hasInvalidatedResolutions = path => incomplete.has(path);
  host.watchDirectory = () => ({ close: () => {} });
  return host;
}
