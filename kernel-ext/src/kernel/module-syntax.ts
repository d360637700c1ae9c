import type * as typescript from '@tslab/typescript-for-tslab';
import { ts } from './tslab-dialect';

/**
 * Blanks the word `export` before declarations: cells share everything that they declare, and tslab would export it twice.
 * Positions do not change.
 */
export function withoutExports(code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  let text = code;
  for (const statement of ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true).statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) continue;
    const word = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (word)
      text = text.slice(0, word.end - 'export'.length) + ' '.repeat('export'.length) + text.slice(word.end);
  }
  return text;
}

/** Whether JavaScript has a `for await` outside of functions, which tslab mistakes for code that awaits nothing. */
export function hasForAwait(code: string): boolean {
  if (!/\bfor\s+await\b/.test(code)) return false;
  const awaits = (node: typescript.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    return ts.forEachChild(node, awaits) ?? false;
  };
  return awaits(ts.createSourceFile('cell.js', code, ts.ScriptTarget.Latest));
}
