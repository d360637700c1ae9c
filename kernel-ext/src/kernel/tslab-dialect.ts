import { createRequire, isBuiltin } from 'node:module';
import type * as typescript from '@tslab/typescript-for-tslab';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));

/** The compiler inside tslab, its own TypeScript 5.0, to which its nodes and diagnostics belong. */
export const ts = requireFromTslab('@tslab/typescript-for-tslab') as typeof typescript;

/**
 * What cells may use beyond tslab's own options: packages with types only in `exports`, imports that end in `.ts`, and the
 * library of this Node (what TypeScript 5.0 knows of it). Of the folder's @types, only Node's become globals, and they are
 * named by path: globals for a browser or a test runner do not belong in a notebook, and they slow down every cell.
 */
export const DIALECT: typescript.CompilerOptions = {
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

/** As above, but resolves to the code that runs instead of its types. */
const RUNTIME_OPTIONS = { ...DIALECT, allowJs: true, noDtsResolution: true, customConditions: ['node'] };

/** Path of the file that `import name` in the file `from` runs, or undefined. */
export function resolveModule(name: string, from: string): string | undefined {
  return ts.resolveModuleName(name, from, RUNTIME_OPTIONS, ts.sys).resolvedModule?.resolvedFileName;
}

/**
 * Makes the compiler resolve imports of packages once, and those of the notebook's own files each time, because a file or
 * package that was missing may exist now. A file whose imports were all found is not checked again until it changes;
 * otherwise the compiler would look for every file of the program again in every cell. tslab cannot handle notices about
 * changed folders, so it gets none.
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
