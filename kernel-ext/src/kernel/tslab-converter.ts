import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as typescript from '@tslab/typescript-for-tslab';
import type * as converter from 'tslab/dist/converter';
import { clearMessage } from './clear-diagnostic';
import { withHiddenTypes } from './hidden-types';
import { type KernelPackages, LIBRARY, typesOf } from './kernel-packages';
import { topLevelAwaits } from './module-syntax';
import { type Binder, NamesFirst } from './names-first';
import { DIALECT, resolveImportsAnew } from './tslab-dialect';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));
const COMPILER = requireFromTslab.resolve('@tslab/typescript-for-tslab');

const TFJS = typesOf('@tensorflow/tfjs');
/** The packages inside tfjs that users import; tfjs itself exports all their names. */
const PARTS = new Set(
  ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'].map(typesOf),
);

const AWAIT_NOT_ALLOWED = 1308;
const TYPESCRIPT = /\.[cm]?tsx?$/;

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

/** A program that can be told to write declarations in any case. */
interface ForcedProgram extends typescript.Program {
  emit(...args: [...Parameters<Builder['emit']>, force?: boolean]): typescript.EmitResult;
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
/** What the newest converter gives to cells. */
let packages: KernelPackages;

export const { isCompleteCode } = tslab;

/** @param given what cells can import in every folder */
export function createConverter(given: KernelPackages): converter.Converter {
  packages = given;
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
  readOpenTypes(ts);
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

/**
 * A diagnostic with its reasons as one text; tslab would report each reason separately. tslab drops
 * an `await` that is not allowed (1308) if it finds the word at the end of the diagnostic, and takes some of them for top-level
 * ones, so those end where they begin. What only concerns the declarations of a cell is left out: see `emit` below.
 */
function wholeDiagnostics(ts: typeof typescript & Internals): Internals['getPreEmitDiagnosticsOfFiles'] {
  return (program, files) =>
    [
      ...ts.getPreEmitDiagnosticsOfFiles({ ...program, getDeclarationDiagnostics: () => [] }, files),
      ...files.slice(1).flatMap(file => awaitingModule(file)),
    ].map(diagnostic => ({
      ...diagnostic,
      length: diagnostic.code === AWAIT_NOT_ALLOWED ? 0 : diagnostic.length,
      messageText: clearMessage(ts, program.getTypeChecker(), diagnostic),
    }));
}

/** Files that cells import are loaded at once, like CommonJS modules. The first of the files above is the cell itself. */
function awaitingModule(file: typescript.SourceFile): typescript.Diagnostic[] {
  const [first] = topLevelAwaits(file);
  if (!first) return [];
  const messageText =
    "A file that cells import cannot use 'await' at its top level. Export an async function, and await its result in the cell.";
  return [
    { file, start: first.getStart(file), length: 0, messageText, category: 1, code: AWAIT_NOT_ALLOWED },
  ];
}

/**
 * Makes this compiler read the declarations of TensorFlow.js from the single file of the build, whoever imports them, and
 * every module with the types that it hides.
 */
function readOpenTypes(ts: typeof typescript): void {
  const { sys } = ts;
  const readFile = sys.readFile.bind(sys);
  sys.readFile = (path, encoding) => {
    if (PARTS.has(path)) return `export * from '${packages.tfjs}';`;
    if (path === TFJS) return named(packages.tfjs, readFile(join(__dirname, 'tfjs.d.ts'), encoding));
    const text = readFile(path, encoding);
    if (!text || !TYPESCRIPT.test(path)) return text;
    const open = withHiddenTypes(ts, path, text);
    if (!path.startsWith(LIBRARY) || !path.endsWith('.d.ts')) return open;
    return named(`piecewise/lib${path.slice(LIBRARY.length, -'.d.ts'.length)}`, open);
  };
}

/** The directive that gives a file this name in TypeScript. */
const named = (name: string, text = ''): string => `/// <amd-module name="${name}" />\n${text}`;

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
    // TypeScript decides by the syntax tree what stands at the top level; tslab's option lets `await (…)` through unseen.
    const all = { ...options, ...DIALECT, disableTopLevelAwait: false, paths: packages.paths() };
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
    // Declarations are written even where TypeScript finds no name for a type; that part of the type is then unknown.
    emit: (file, write, token, only, transformers) =>
      (builder.getProgram() as ForcedProgram).emit(file, write, token, only, transformers, true),
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
