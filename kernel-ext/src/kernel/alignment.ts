/** Zero-based line and UTF-16 column. */
export interface Position {
  line: number;
  column: number;
}

interface Token {
  text: string;
  index: number;
}

/** The table below takes two bytes per cell; for larger code, only the line number is used. */
const MAX_TABLE = 25_000_000;

/** `(0, f.f)`, with which the compiler calls a function without a `this`; the source has nothing like it. */
const COMMA_CALL = /\(0, ([\w$.]+)\)/g;

/**
 * Where in `source` the code at `position` of `output` comes from. The compiler drops types, adds `exports.` and
 * writes no source map, so the tokens of both texts are aligned like the lines of a diff.
 * @param output JavaScript that was made from `source`
 */
export function alignPosition(source: string, output: string, position: Position): Position {
  const from = tokenize(output.replace(COMMA_CALL, (_, callee: string) => `    ${callee} `));
  const to = tokenize(source);
  const lines = source.split('\n');
  const fallback = { line: Math.min(position.line, lines.length - 1), column: 0 };
  if (from.length * to.length > MAX_TABLE || to.length === 0) return fallback;
  const matches = align(from, to);
  const index = calleeIndex(output, toIndex(output, position));
  let at = from.findIndex(token => token.index + token.text.length > index);
  if (at < 0) at = from.length - 1;
  // A token that the compiler added (`exports`) stands for the next one in the source, or else for the last.
  const next = matches.findIndex((match, token) => token >= at && match >= 0);
  const match = next >= 0 ? matches[next] : Math.max(...matches);
  return match < 0 ? fallback : toPosition(source, to[match].index);
}

function tokenize(text: string): Token[] {
  return [...text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\S/gu)].map(match => ({
    text: match[0],
    index: match.index,
  }));
}

/**
 * For every token of `from`, the index of its partner in `to`, or -1. A pair counts more if the next tokens also pair, so
 * that `f(` finds the call and not the `f` of `exports.f = f`.
 */
function align(from: Token[], to: Token[]): number[] {
  const width = to.length + 1;
  const best = new Uint16Array((from.length + 1) * width);
  const pairs = (i: number, j: number): boolean => from[i]?.text === to[j]?.text;
  const paired = (i: number, j: number): number =>
    best[(i + 1) * width + j + 1] + (pairs(i + 1, j + 1) ? 3 : 2);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const skipped = Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      best[i * width + j] = pairs(i, j) ? Math.max(skipped, paired(i, j)) : skipped;
    }
  }
  const matches = new Array<number>(from.length).fill(-1);
  for (let i = 0, j = 0; i < from.length && j < to.length;) {
    if (pairs(i, j) && best[i * width + j] === paired(i, j)) matches[i++] = j++;
    else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
    else j++;
  }
  return matches;
}

/** V8 reports such a call at its arguments, and any other call at the callee. */
function calleeIndex(output: string, index: number): number {
  return /\(0, [\w$.]+\)$/.exec(output.slice(0, index))?.index ?? index;
}

function toIndex(text: string, position: Position): number {
  const lines = text.split('\n').slice(0, position.line);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + position.column;
}

function toPosition(text: string, index: number): Position {
  const before = text.slice(0, index).split('\n');
  return { line: before.length - 1, column: before[before.length - 1].length };
}
