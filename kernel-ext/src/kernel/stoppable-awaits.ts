import type * as typescript from '@tslab/typescript-for-tslab';
import { ts } from './tslab-dialect';

/** Text to insert, and where. */
interface Insertion {
  at: number;
  text: string;
}

/** Outside of an asynchronous function, `await (…)` would be a call. */
const OPENING = 'async () => {';

/**
 * Passes the value of every `await` through a function, which may throw instead of going on after an interrupt, and calls it
 * in each turn of a `for await`. No line is added or removed.
 * @param code JavaScript of a cell
 * @param through name of the function
 */
export function stoppableAwaits(code: string, through: string): string {
  if (!/\bawait\b/.test(code)) return code;
  const whole = `${OPENING}${code}\n}`;
  const file = ts.createSourceFile('cell.js', whole, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const insertions: Insertion[] = [];
  const visit = (node: typescript.Node): void => {
    insertions.push(...insertionsAt(node, through));
    ts.forEachChild(node, visit);
    if (ts.isAwaitExpression(node)) insertions.push({ at: node.end, text: ')' });
    if (isForAwait(node) && !ts.isBlock(node.statement)) insertions.push({ at: node.end, text: ' }' });
  };
  visit(file);
  let text = '';
  let from = OPENING.length;
  // Sorting is stable, so of two insertions at one position, the one of the inner node comes first.
  for (const { at, text: inserted } of insertions.sort((a, b) => a.at - b.at)) {
    text += whole.slice(from, at) + inserted;
    from = at;
  }
  return text + code.slice(from - OPENING.length);
}

function insertionsAt(node: typescript.Node, through: string): Insertion[] {
  if (ts.isAwaitExpression(node)) return [{ at: node.getStart(), text: `${through}(` }];
  if (!isForAwait(node)) return [];
  const { statement } = node;
  return ts.isBlock(statement)
    ? [{ at: statement.getStart() + 1, text: ` ${through}();` }]
    : [{ at: statement.getStart(), text: `{ ${through}(); ` }];
}

const isForAwait = (node: typescript.Node): node is typescript.ForOfStatement =>
  ts.isForOfStatement(node) && node.awaitModifier !== undefined;
