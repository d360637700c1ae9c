import { topLevelAwaits } from './module-syntax';
import { ts } from './tslab-dialect';

/** JavaScript that notes, at each top-level `await`, which one it is. */
export interface MarkedCode {
  code: string;
  /** Positions of these awaits in `code`, by their numbers. */
  positions: number[];
}

/**
 * Makes a cell call `note(number, value)` with what it awaits at its top level, before it waits. No line is added or removed.
 * @param note how the cell calls that function, up to its last two arguments
 */
export function markAwaits(output: string, note: string): MarkedCode {
  if (!/\bawait\b/.test(output)) return { code: output, positions: [] };
  const file = ts.createSourceFile('cell.js', `${output}\nexport {};`, ts.ScriptTarget.Latest, true);
  const positions: number[] = [];
  const insertions: { at: number; text: string }[] = [];
  for (const [number, node] of topLevelAwaits(file).entries()) {
    const { expression } = node;
    const text = `${note}, ${number}, `;
    insertions.push({ at: expression.getStart(file), text }, { at: expression.end, text: ')' });
    positions.push(node.getStart(file));
  }
  insertions.sort((a, b) => a.at - b.at);
  let code = '';
  let done = 0;
  const shifted = positions.map(position => position + lengthBefore(insertions, position));
  for (const { at, text } of insertions) {
    code += output.slice(done, at) + text;
    done = at;
  }
  return { code: code + output.slice(done), positions: shifted };
}

function lengthBefore(insertions: readonly { at: number; text: string }[], position: number): number {
  return insertions.reduce((sum, { at, text }) => (at <= position ? sum + text.length : sum), 0);
}
