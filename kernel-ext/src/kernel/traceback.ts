import { inspect, types } from 'node:util';
import { alignPosition, type Position } from './alignment';
import type { Failure } from './engine';

/** A cell that ran, or a file of the notebook's folder: its TypeScript and what it was compiled to. */
export interface CompiledCell {
  label: string;
  source: string;
  output: string;
  /** Characters that stand before `output` on the first line of the script. */
  prefix: number;
}

/** The cells by the names of their scripts, and files by their paths; old cells may be missing. */
type Cells = Pick<ReadonlyMap<string, CompiledCell>, 'get'>;

const MAX_FRAMES = 10;
/** How deep the errors inside an error are followed, and how many of one AggregateError are shown. */
const MAX_DEPTH = 5;
const MAX_ERRORS = 5;
const FRAME = /^ +at (?:async )?(?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/gm;

const SCRIPT = 'piecewise-cell-';

/** Name of the script that a cell is compiled to, as stack traces show it. */
export function scriptName(id: number): string {
  return `${SCRIPT}${id}`;
}

/** Whether a script is a cell, or a TypeScript file that cells import. */
export const isOwnScript = (name: string): boolean => name.startsWith(SCRIPT) || /\.[cm]?tsx?$/.test(name);

/**
 * Describes anything that was thrown; the traceback shows only frames in cells, with the source line marked.
 * @param awaited where the cell awaited what failed: some errors, such as those of a missing file, have no frames
 */
export function describeError(error: unknown, cells: Cells, awaited?: string): Failure {
  const [message, ...lines] = tracebackOf(error, cells, []);
  const hasFrame = lines[0]?.startsWith('  at ') || isInterrupt(error);
  return { ...nameOf(error), traceback: [message, ...(awaited && !hasFrame ? [awaited] : []), ...lines] };
}

/** A position in a cell, as text: where it is, and the source line with a caret. */
export function markPosition(cell: CompiledCell, position: Position, name = ''): string {
  const line = cell.source.split('\n')[position.line] ?? '';
  const gutter = `${position.line + 1} | `.padStart(8);
  // Tabs stay tabs, so that the caret is below its character.
  const indent = line.slice(0, position.column).replace(/[^\t]/g, ' ');
  const where = `  at ${name}${cell.label}, line ${position.line + 1}, column ${position.column + 1}`;
  return `${where}\n${gutter}${line}\n${' '.repeat(gutter.length - 2)}| ${indent}^`;
}

function frames(stack: string, cells: Cells): string[] {
  const lines: string[] = [];
  for (const [, name, script, line, column] of stack.matchAll(FRAME)) {
    const cell = cells.get(script);
    // The last lines of a script, and the first characters, belong to the wrapper that calls the cell.
    if (!cell || Number(line) > cell.output.split('\n').length) continue;
    const first = line === '1' ? cell.prefix : 0;
    if (Number(column) <= first) continue;
    const position = { line: Number(line) - 1, column: Number(column) - 1 - first };
    const text = markPosition(cell, alignPosition(cell.source, cell.output, position), functionName(name));
    if (text !== lines.at(-1)) lines.push(text);
    if (lines.length === MAX_FRAMES) break;
  }
  return lines;
}

/** The name of a function as a stack trace shows it; empty for the code of a file outside of its functions. */
function functionName(name = ''): string {
  const bare = name.replace(/^(Proxy|Object)\./, '');
  return bare === '' || bare === '<anonymous>' ? '' : `${bare}, `;
}

function nameOf(error: unknown): { ename: string; evalue: string } {
  if (isInterrupt(error)) return { ename: 'Interrupted', evalue: 'the cell was interrupted' };
  if (!isError(error)) return { ename: 'Thrown', evalue: look(() => inspect(error)) };
  return {
    ename: look(() => error.name || error.constructor.name),
    evalue: look(() => withHint(error.message)),
  };
}

/** What to do about a path in place of a URL; TensorFlow.js passes it to `fetch`. */
function withHint(message: string): string {
  const path = /^Failed to parse URL from (?!\w+:)(.+)$/.exec(message)?.[1];
  return path === undefined ? message : `${message}. To load a file, write 'file://${path}'.`;
}

/** Whether `error` is an Error, found out without calling any of its code, as a Proxy would. */
function isError(error: unknown): error is Error {
  return !types.isProxy(error) && look(() => error instanceof Error) === 'true';
}

/** A property as text. What was thrown may throw again when it is read. */
function look(get: () => unknown): string {
  try {
    return String(get());
  } catch {
    return '(something that throws when it is read)';
  }
}

function tracebackOf(error: unknown, cells: Cells, above: readonly unknown[]): string[] {
  const { ename, evalue } = nameOf(error);
  const lines = [`${ename}: ${evalue}`];
  if (above.includes(error)) return [`${lines[0]} (see above)`];
  if (!isError(error) || isInterrupt(error)) return lines;
  lines.push(
    ...frames(
      look(() => error.stack),
      cells,
    ),
  );
  if (above.length === MAX_DEPTH) return lines;
  const nested = (inner: unknown, how: string): string[] => {
    const [first, ...rest] = tracebackOf(inner, cells, [...above, error]);
    return [`${how} ${first}`, ...rest];
  };
  const { cause, errors } = partsOf(error);
  const more = errors.length - MAX_ERRORS;
  for (const [i, inner] of errors.slice(0, MAX_ERRORS).entries())
    lines.push(...nested(inner, `Error ${i + 1} of ${errors.length}:`));
  if (more > 0) lines.push(`and ${more} more`);
  if (cause !== undefined) lines.push(...nested(cause, 'Caused by'));
  return lines;
}

/** What an error names as its cause, and the errors inside an AggregateError. */
function partsOf(error: Error): { cause: unknown; errors: readonly unknown[] } {
  try {
    const { cause, errors } = error as Error & { errors?: unknown };
    return { cause, errors: Array.isArray(errors) && !types.isProxy(errors) ? (errors as unknown[]) : [] };
  } catch {
    return { cause: undefined, errors: [] };
  }
}

/** Node's error from a script that SIGINT stopped, or tslab's from a cell at an `await`. */
export function isInterrupt(error: unknown): boolean {
  return (
    isBrokenScript(error) || (isError(error) && look(() => error.message) === 'Interrupted asynchronously')
  );
}

/** Whether SIGINT stopped the script. */
function isBrokenScript(error: unknown): boolean {
  return (
    isError(error) && look(() => (error as NodeJS.ErrnoException).code) === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  );
}
