import type { Converter, ConvertResult, Diagnostic } from 'tslab/dist/converter';
import { createExecutor, type Executor } from 'tslab/dist/executor';
import { alignPosition } from './alignment';
import { markAwaits } from './await-marks';
import { CellScope } from './cell-scope';
import type { Completeness, Completion, Documentation, Engine, Failure, Outcome } from './engine';
import { CompilerError } from './errors';
import { enter, hold, isRequested, runBySignal, State, whole } from './interruptible';
import { takeLateSignal } from './late-signal';
import { KernelPackages, nodeTypes } from './kernel-packages';
import { completeLayer } from './layer-completion';
import { LiveVariables } from './live-variables';
import { awaitsAtTopLevel, withoutExports } from './module-syntax';
import { NotebookModules } from './notebook-modules';
import { printInfo } from './quick-info';
import { RecentCells } from './recent-cells';
import { type Expanded, expandShorthands } from './shorthand-properties';
import { type CompiledCell, describeError, isInterrupt, markPosition } from './traceback';
import { stoppableAwaits } from './stoppable-awaits';
import { createConverter, isCompleteCode } from './tslab-converter';
import { ts } from './tslab-dialect';

/** What tslab puts before the JavaScript of a cell, on the same line. */
const tslabPrefix = (asynchronous: string): string => `(${asynchronous}function(exports, require) { `;
/** What this engine puts after that, see `Given`. */
const runPrefix = (asynchronous: string): string => `return __tslab__.run(${asynchronous}() => {`;

/** "Unterminated template literal" and "'*\/' expected": code that only needs more lines. */
const UNTERMINATED = new Set([1160, 1010]);

/** TypeScript reports `export import` in `declare global` as an error but follows it: it turns a module into a global namespace. */
const IMPORT_IN_AUGMENTATION = 2667;

const MAX_DIAGNOSTICS = 10;

/** What scripts are given: tslab reads this global before each run. */
interface Given {
  exports: unknown;
  require: NodeJS.Require;
  /** Runs the synchronous part of a cell. */
  run: typeof runBySignal;
  /** Gets what a cell has awaited. @throws Interrupted */
  resumed<T>(value: T): T;
  /** Notes that a cell begins to wait for `value`. @param cell the name of its script @param number of the `await` in its code */
  wait<T>(cell: string, number: number, value: T): T;
}

/** One run of a cell, filled in by the callbacks that tslab offers. */
interface Run {
  cell: CompiledCell;
  expanded: Expanded;
  converted: ConvertResult | null;
  error: unknown;
  /** The name of the script that the cell is compiled to. */
  script: string;
  /** Where the output awaits at its top level, and which of these it has come to. */
  awaits: readonly number[];
  awaited: number | null;
}

/**
 * The engine on tslab's converter and executor. Three seams complete it: the console passed to the executor receives
 * the raw error; scripts get our scope as their `exports`; and the converter is wrapped to learn the diagnostics, to keep
 * variables in that scope, and to name every script, so that stack traces tell the cells apart.
 */
export class TslabEngine implements Engine {
  private converter: Converter;
  private readonly executor: Executor;
  private readonly cells = new RecentCells();
  private readonly scope = new CellScope();
  private readonly variables = new LiveVariables();
  private readonly packages: KernelPackages;
  private readonly modules: NotebookModules;
  private run: Run | null = null;
  /** TypeScript declarations of the names that cells have defined so far. */
  private declarations = '';

  /**
   * @param directory of the notebook: relative imports start here
   * @param globals TypeScript `declare global {…}` for the commands that every cell sees
   * @param layersOf names of the layers of a model; none for anything else
   * @param signal gives the signal of the cell that the running code belongs to
   */
  constructor(
    private readonly directory: string,
    private readonly globals: string,
    private readonly layersOf: (value: unknown) => readonly string[],
    private readonly signal: () => AbortSignal | undefined = () => undefined,
  ) {
    this.packages = new KernelPackages(directory);
    this.modules = new NotebookModules(directory, this.packages);
    ts.sys.watchFile = (path, changed) => this.modules.watchFile(path, changed);
    this.converter = this.startCompiler();
    // tslab forgets what a failing cell declared, so these declarations replace its own.
    const node: Converter = {
      convert: (_, code) => this.compile(() => this.convert(code)),
      complete: (_, code, at) => this.compile(() => this.converter.complete(this.declarations, code, at)),
      inspect: (_, code, at) => this.compile(() => this.converter.inspect(this.declarations, code, at)),
      addModule: (...module) => this.compile(() => this.converter.addModule(...module)),
      close: () => this.converter.close(),
    };
    this.executor = createExecutor(
      directory,
      { node, browser: node, close: node.close },
      {
        log: () => {},
        error: (error: unknown) => this.run && Object.assign(this.run, { error }),
      },
    );
    const given = (globalThis as unknown as { __tslab__: Given }).__tslab__;
    given.exports = this.scope.exports;
    given.require = this.modules.wrapRequire(given.require);
    given.run = runBySignal;
    given.resumed = value => {
      this.signal()?.throwIfAborted();
      return value;
    };
    given.wait = (cell, number, value) => {
      if (this.run?.script === cell) this.run.awaited = number;
      return value;
    };
  }

  async execute(code: string, label: string, signal?: AbortSignal): Promise<Outcome> {
    try {
      await this.modules.prepare(code).finally(hold('a module to load'));
      signal?.throwIfAborted();
      this.modules.refresh();
      return await this.executeCompiled(code, label);
    } catch (error) {
      return { ok: false, failure: this.describe(error) };
    }
  }

  private async executeCompiled(code: string, label: string): Promise<Outcome> {
    const expanded = this.compile(() => expandShorthands(ts, withoutExports(code)));
    const cell: CompiledCell = { label, source: code, output: '', prefix: 0 };
    const run: Run = {
      cell,
      expanded,
      converted: null,
      error: undefined,
      script: '',
      awaits: [],
      awaited: null,
    };
    this.run = run;
    // While the compiler works, and while Node changes its signal handlers before and after the script.
    const leave = enter(State.notAtAll);
    const executed = this.executor.execute(expanded.code);
    if (isRequested() && !isInterrupt(run.error)) takeLateSignal();
    leave();
    const ok = await executed;
    this.declarations = run.converted?.declOutput ?? this.declarations;
    const last = run.converted?.lastExpressionVar;
    const value = last && this.scope.take(last);
    if (ok) return { ok: true, value };
    const diagnostics = run.converted?.diagnostics ?? [];
    const failure =
      diagnostics.length > 0
        ? this.describeDiagnostics(run, diagnostics)
        : this.describe(run.error, awaitedPlace(run));
    return { ok: false, failure };
  }

  complete(code: string, position: number): Completion {
    return (
      completeLayer(code, position, name => this.layersOf(this.scope.get(name))) ??
      this.completeByType(code, position)
    );
  }

  private completeByType(code: string, position: number): Completion {
    const { start, end, candidates, original } = this.executor.complete(code, position);
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
    return { start, end, matches: candidates.map(text => ({ text, type: kinds.get(text) ?? '' })) };
  }

  inspect(code: string, position: number): Documentation | null {
    for (const at of [position, position - 1, calleePosition(code, position)]) {
      const info = at < 0 ? null : this.executor.inspect(code, at);
      if (info?.displayParts) return printInfo(info);
    }
    return null;
  }

  isComplete(code: string): Completeness {
    const { completed, indent } = isCompleteCode(code);
    const parsed = ts.transpileModule(`export {};${code}`, { reportDiagnostics: true });
    const errors = parsed.diagnostics?.map(diagnostic => diagnostic.code) ?? [];
    if (errors.length === 0) return { status: 'complete' };
    if (!completed || errors.some(error => UNTERMINATED.has(error)))
      return { status: 'incomplete', indent: indent ?? '' };
    return { status: 'invalid' };
  }

  describe(error: unknown, awaited?: string): Failure {
    const scripts = { get: (name: string) => this.cells.get(name) ?? this.modules.files.get(name) };
    return describeError(error, scripts, awaited);
  }

  interrupt(): void {
    this.executor.interrupt();
  }

  close(): void {
    this.executor.close();
  }

  /** @throws if the ambient declarations do not compile, which is a mistake of this package. */
  private startCompiler(): Converter {
    const converter = createConverter(this.packages);
    const text = nodeTypes(this.directory) + this.globals;
    const [first] = converter
      .addModule('piecewise_globals', text)
      .filter(({ code }) => code !== IMPORT_IN_AUGMENTATION);
    if (!first) return converter;
    throw new Error(
      `The kernel's typed globals do not compile (line ${first.start.line}): ${first.messageText}`,
    );
  }

  /** @throws CompilerError; a compiler that stopped midway would fail on every later cell, so a new one is started. */
  private compile<T>(work: () => T): T {
    try {
      return whole('the compiler', work);
    } catch (error) {
      this.converter.close();
      this.converter = this.startCompiler();
      throw new CompilerError(error);
    }
  }

  private convert(code: string): ConvertResult {
    const converted = this.converter.convert(this.declarations, code);
    const { run } = this;
    if (!run || converted.output === undefined) {
      if (run) run.converted = converted;
      return converted;
    }
    const rewritten = stoppableAwaits(this.variables.rewrite(converted.output), '__tslab__.resumed');
    run.cell.output = rewritten;
    run.script = this.cells.add(run.cell);
    const note = `__tslab__.wait(${JSON.stringify(run.script)}`;
    const { code: output, positions } = markAwaits(rewritten, note);
    run.awaits = positions;
    for (const { path, data } of converted.sideOutputs ?? []) this.modules.files.add(path, data);
    run.converted = converted;
    run.cell.output = output;
    const hasToplevelAwait = awaitsAtTopLevel(code);
    const asynchronous = hasToplevelAwait ? 'async ' : '';
    run.cell.prefix = tslabPrefix(asynchronous).length + runPrefix(asynchronous).length;
    return {
      ...converted,
      hasToplevelAwait,
      sideOutputs: undefined,
      output: `${runPrefix(asynchronous)}${output}\n});\n//# sourceURL=${run.script}`,
    };
  }

  private describeDiagnostics({ cell, expanded }: Run, diagnostics: Diagnostic[]): Failure {
    const evalue = diagnostics[0].messageText;
    const traceback: string[] = [];
    for (const { messageText, code, start, fileName } of diagnostics.slice(0, MAX_DIAGNOSTICS)) {
      const [mistake, ...reasons] = messageText.split('\n');
      traceback.push([`TypeScriptError: ${mistake} (TS${code})`, ...reasons].join('\n'));
      if (fileName) traceback.push(`  at ${fileName}, line ${start.line + 1}, column ${start.character + 1}`);
      else traceback.push(markPosition(cell, positionAt(cell.source, expanded.toOriginal(start.offset))));
    }
    const more = diagnostics.length - MAX_DIAGNOSTICS;
    if (more > 0) traceback.push(`and ${more} more`);
    return { ename: 'TypeScriptError', evalue, traceback };
  }
}

/** Where a cell last began to wait at its top level, as text. */
function awaitedPlace({ cell, awaits, awaited }: Run): string | undefined {
  if (awaited === null) return undefined;
  const position = positionAt(cell.output, awaits[awaited]);
  return markPosition(cell, alignPosition(cell.source, cell.output, position));
}

function positionAt(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length - 1, column: before[before.length - 1].length };
}

/** Position of the function name before the innermost open parenthesis around `position`, or -1. */
function calleePosition(code: string, position: number): number {
  for (let at = position - 1, depth = 0; at >= 0; at--) {
    if (code[at] === ')') depth++;
    if (code[at] === '(' && depth-- === 0) return at - 1;
  }
  return -1;
}
