import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as typescript from '@tslab/typescript-for-tslab';
import type * as converter from 'tslab/dist/converter';
import { type Binder, NamesFirst } from './names-first';
import { DIALECT, resolveImportsAnew } from './tslab-dialect';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));
const COMPILER = requireFromTslab.resolve('@tslab/typescript-for-tslab');

const LIBRARY = realpathSync(dirname(__dirname));
const TFJS = declarations('@tensorflow/tfjs');
/** The packages inside tfjs that users import; tfjs itself exports all their names. */
const PARTS = new Set(
  ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'].map(declarations),
);

/**
 * Type names that are valid in every folder. Later cells see `const model = …` by the name of its type, and for a notebook
 * outside the package, TypeScript would find no name for a file inside some node_modules.
 */
const PATHS = {
  '@tensorflow/tfjs': [TFJS],
  piecewise: [join(LIBRARY, 'index.d.ts')],
  'piecewise/lib/*': [join(LIBRARY, '*')],
};

/** What tslab's converter needs of a builder. TypeScript's abstract builder keeps no state between programs. */
type Builder = typescript.BuilderProgram;

/** Internal members of TypeScript 5.0. */
interface Internals extends Binder {
  /** Only in tslab's fork. */
  getPreEmitDiagnosticsOfFiles(
    program: typescript.Program,
    files: readonly typescript.SourceFile[],
  ): readonly typescript.Diagnostic[];
}

interface InternalSourceFile extends typescript.SourceFile {
  resolvedModules?: {
    forEach(visit: (resolution: typescript.ResolvedModuleWithFailedLookupLocations) => void): void;
  };
}

/**
 * tslab's converter without a part that it does not use. It asks TypeScript for the builder that computes, twice for each
 * cell, which of all files depend on which; with the declarations of TensorFlow.js, that is three quarters of the time of a
 * small cell. The abstract builder does not compute this; the files that a cell imports are read from the program. And no
 * program is built just for the names of a cell.
 */
const tslab = load();
/** The host of the newest converter, which watches its compiler through it. */
let namesFirst: NamesFirst | undefined;

export const { isCompleteCode } = tslab;

export function createConverter(): converter.Converter {
  const made = tslab.createConverter();
  const names = namesFirst!;
  const convert = made.convert.bind(made);
  return {
    ...made,
    convert: (declarations, code) => names.during(declarations, code, () => convert(declarations, code)),
  };
}

function load(): typeof converter {
  const ts = requireFromTslab(COMPILER) as typeof typescript & Internals;
  readFlatTypes(ts.sys);
  const module = require.cache[COMPILER]!;
  // TypeScript's exports are read-only, and only the converter should see the change.
  module.exports = {
    ...ts,
    createWatchCompilerHost: watchCompilerHost(ts),
    getPreEmitDiagnosticsOfFiles: wholeDiagnostics(ts),
  };
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require('tslab/dist/converter') as typeof converter;
  } finally {
    module.exports = ts;
  }
}

/** A diagnostic with its reasons as one text, indented as in the editor; tslab would report each reason separately. */
function wholeDiagnostics(ts: typeof typescript & Internals): Internals['getPreEmitDiagnosticsOfFiles'] {
  return (program, files) =>
    ts.getPreEmitDiagnosticsOfFiles(program, files).map(diagnostic => ({
      ...diagnostic,
      messageText: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    }));
}

/** Makes this compiler read the declarations of TensorFlow.js from the single file of the build, whoever imports them. */
function readFlatTypes(system: typescript.System): void {
  const readFile = system.readFile.bind(system);
  system.readFile = (path, encoding) => {
    if (PARTS.has(path)) return "export * from '@tensorflow/tfjs';";
    if (path === TFJS) return named('@tensorflow/tfjs', readFile(join(__dirname, 'tfjs.d.ts'), encoding));
    const text = readFile(path, encoding);
    if (!path.startsWith(LIBRARY) || !path.endsWith('.d.ts')) return text;
    return named(`piecewise/lib${path.slice(LIBRARY.length, -'.d.ts'.length)}`, text);
  };
}

/** The directive that gives a file this name in TypeScript. */
const named = (name: string, text = ''): string => `/// <amd-module name="${name}" />\n${text}`;

function declarations(name: string): string {
  return join(dirname(realpathSync(require.resolve(`${name}/package.json`))), 'dist', 'index.d.ts');
}

function watchCompilerHost(ts: typeof typescript & Internals) {
  let latest: Builder;
  const createBuilder: typescript.CreateProgram<Builder> = (
    roots,
    options,
    host,
    old,
    errors,
    references,
  ) => {
    const builder = ts.createAbstractBuilder(
      roots,
      options,
      host,
      old as Builder | undefined,
      errors,
      references,
    );
    return (latest = lightBuilder(ts, builder));
  };
  return (
    roots: string[],
    options: typescript.CompilerOptions,
    system: typescript.System,
    _: null,
    ...reporters: [typescript.DiagnosticReporter, typescript.WatchStatusReporter]
  ) => {
    const all = { ...options, ...DIALECT, paths: PATHS };
    const host = resolveImportsAnew(
      ts.createWatchCompilerHost(roots, all, system, createBuilder, ...reporters),
      all,
    );
    namesFirst = new NamesFirst({ ts, host, options: all, cell: roots[1], latest: () => latest });
    return host;
  };
}

function lightBuilder(ts: typeof typescript & Internals, builder: Builder): Builder {
  return {
    ...builder,
    getSourceFile(name) {
      const file = builder.getSourceFile(name);
      // tslab reads the names of a file before anything is checked, and puts a scope above it that binding would remove.
      if (file && !file.isDeclarationFile) ts.bindSourceFile(file, builder.getCompilerOptions());
      return file;
    },
    getAllDependencies: file => importedFiles(builder, file),
  };
}

/** @returns the names of `file` and of everything that it imports, directly or not, except declaration files */
function importedFiles(builder: Builder, file: typescript.SourceFile): string[] {
  const names = new Set<string>();
  const visit = (each: InternalSourceFile): void => {
    if (each.isDeclarationFile || names.has(each.fileName)) return;
    names.add(each.fileName);
    each.resolvedModules?.forEach(({ resolvedModule }) => {
      const next = resolvedModule && builder.getSourceFile(resolvedModule.resolvedFileName);
      if (next) visit(next);
    });
  };
  visit(file);
  return [...names];
}
