import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as typescript from '@tslab/typescript-for-tslab';
import type { Converter, ConvertResult, Diagnostic } from 'tslab/dist/converter';
import type { Completeness, Completion, Engine, Failure, Outcome } from './engine';
import { type Expanded, expandShorthands } from './shorthand-properties';
import { createConverter, isCompleteCode } from './tslab-converter';
import { createExecutor, type Executor } from 'tslab/dist/executor';
import { type CompiledCell, describeError, markPosition, scriptName } from './traceback';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));
/** The compiler inside tslab: its nodes and diagnostics are those of its own TypeScript 5.0. */
const ts = requireFromTslab('@tslab/typescript-for-tslab') as typeof typescript;

/** What tslab puts before the JavaScript of a cell, on the same line. */
const PREFIX = '(function(exports, require) { ';
const ASYNC_PREFIX = '(async function(exports, require) { ';

/** "Unterminated template literal" and "'*\/' expected": code that only needs more lines. */
const UNTERMINATED = new Set([1160, 1010]);

const MAX_DIAGNOSTICS = 10;

/** One run of a cell, filled in by the callbacks that tslab offers. */
interface Run {
  cell: CompiledCell;
  expanded: Expanded;
  converted: ConvertResult | null;
  value: unknown;
  error: unknown;
  failed: boolean;
}

/**
 * The engine on tslab's converter and executor. Two seams make it complete: the console given to the executor gets
 * the raw value of the last expression and the raw error; the converter is wrapped to learn the diagnostics and to
 * name every script, which tells the cells apart in stack traces.
 */
export class TslabEngine implements Engine {
  private readonly converter: Converter;
  private readonly executor: Executor;
  private readonly cells = new Map<string, CompiledCell>();
  private run: Run | null = null;
  /** TypeScript declarations of the names that cells have defined so far. */
  private declarations = '';

  /**
   * @param directory of the notebook: relative imports start here
   * @param globals TypeScript `declare global {…}` for the commands that every cell sees
   */
  constructor(directory: string, globals: string) {
    this.converter = createConverter();
    this.declare(nodeTypes(directory) + globals);
    // tslab forgets what a failing cell declared; these declarations stand in for its own ones.
    const node: Converter = {
      ...this.converter,
      convert: (_, code) => this.convert(code),
      complete: (_, code, position) => this.converter.complete(this.declarations, code, position),
      inspect: (_, code, position) => this.converter.inspect(this.declarations, code, position),
    };
    this.executor = createExecutor(
      directory,
      { node, browser: node, close: () => this.converter.close() },
      {
        log: (value: unknown) => this.run && (this.run.value = value),
        error: (error: unknown) => this.run && Object.assign(this.run, { error, failed: true }),
      },
    );
  }

  async execute(code: string, label: string): Promise<Outcome> {
    const expanded = expandShorthands(ts, code);
    const cell: CompiledCell = { label, source: code, output: '', prefix: 0 };
    const run: Run = { cell, expanded, converted: null, value: undefined, error: undefined, failed: false };
    this.run = run;
    const ok = await this.executor.execute(expanded.code);
    this.declarations = run.converted?.declOutput ?? this.declarations;
    if (ok) return { ok: true, value: this.lastValue(run) };
    const diagnostics = run.converted?.diagnostics ?? [];
    const failure =
      diagnostics.length > 0 ? this.describeDiagnostics(run, diagnostics) : this.describe(run.error);
    return { ok: false, failure };
  }

  complete(code: string, position: number): Completion {
    const { start, end, candidates, original } = this.executor.complete(code, position);
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
    return { start, end, matches: candidates.map(text => ({ text, type: kinds.get(text) ?? '' })) };
  }

  inspect(code: string, position: number): string | null {
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

  describe(error: unknown): Failure {
    return describeError(error, this.cells);
  }

  interrupt(): void {
    this.executor.interrupt();
  }

  close(): void {
    this.executor.close();
  }

  /** Adds the ambient declarations; a mistake in them is a mistake of this package, so it is loud. */
  private declare(text: string): void {
    const [first] = this.converter.addModule('piecewise_globals', text);
    if (first)
      throw new Error(
        `The kernel's typed globals do not compile, line ${first.start.line}: ${first.messageText}`,
      );
  }

  private convert(code: string): ConvertResult {
    const converted = this.converter.convert(this.declarations, code);
    const { run } = this;
    if (!run || converted.output === undefined) {
      if (run) run.converted = converted;
      return converted;
    }
    const name = scriptName(this.cells.size + 1);
    run.converted = converted;
    run.cell.output = converted.output;
    run.cell.prefix = (converted.hasToplevelAwait ? ASYNC_PREFIX : PREFIX).length;
    this.cells.set(name, run.cell);
    return { ...converted, output: `${converted.output}\n//# sourceURL=${name}` };
  }

  /** tslab hands out no null and leaves it in its variable. */
  private lastValue(run: Run): unknown {
    const name = run.converted?.lastExpressionVar;
    if (run.value !== undefined || !name || this.executor.locals[name] !== null) return run.value;
    delete this.executor.locals[name];
    return null;
  }

  private describeDiagnostics({ cell, expanded }: Run, diagnostics: Diagnostic[]): Failure {
    const evalue = diagnostics[0].messageText;
    const traceback: string[] = [];
    for (const { messageText, code, start, fileName } of diagnostics.slice(0, MAX_DIAGNOSTICS)) {
      traceback.push(`TypeScriptError: ${messageText} (TS${code})`);
      if (fileName) traceback.push(`  at ${fileName}, line ${start.line + 1}, column ${start.character + 1}`);
      else traceback.push(markPosition(cell, positionAt(cell.source, expanded.toOriginal(start.offset))));
    }
    const more = diagnostics.length - MAX_DIAGNOSTICS;
    if (more > 0) traceback.push(`and ${more} more`);
    return { ename: 'TypeScriptError', evalue, traceback };
  }
}

/**
 * tslab looks for Node's types only in its own node_modules, but npm may put them beside it. Then they are imported
 * by path, so that `console`, timers and `node:` modules have types in every directory.
 */
function nodeTypes(directory: string): string {
  const roots = ts.getDefaultTypeRoots(directory, ts.sys) ?? [];
  roots.push(join(dirname(requireFromTslab.resolve('tslab/package.json')), 'node_modules', '@types'));
  if (roots.some(root => existsSync(join(root, 'node', 'package.json')))) return '';
  const types = dirname(requireFromTslab.resolve('@types/node/package.json'));
  return `import ${JSON.stringify(join(types, 'index'))};\n`;
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

function printInfo(info: typescript.QuickInfo): string {
  const join = (parts: readonly typescript.SymbolDisplayPart[] = []) => parts.map(part => part.text).join('');
  const tags = (info.tags ?? []).map(tag => `@${tag.name} ${join(tag.text)}`);
  return [join(info.displayParts), join(info.documentation), tags.join('\n')].filter(Boolean).join('\n\n');
}
