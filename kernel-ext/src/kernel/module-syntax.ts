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

/** An `await`, or a `for await`. */
export type Awaiting = typescript.AwaitExpression | typescript.ForOfStatement;

/** Whether a cell awaits outside of its functions. Cells are modules, so `await` is never a name there. */
export function awaitsAtTopLevel(code: string): boolean {
  if (!/\bawait\b/.test(code)) return false;
  const file = ts.createSourceFile('cell.ts', `${code}\nexport {};`, ts.ScriptTarget.Latest);
  return topLevelAwaits(file).length > 0;
}

/** Where a module awaits outside of its functions, by its syntax tree and in the order of its text. */
export function topLevelAwaits(file: typescript.SourceFile): Awaiting[] {
  const found: Awaiting[] = [];
  const find = (node: typescript.Node): void => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) found.push(node);
    outerParts(node).forEach(find);
  };
  find(file);
  return found;
}

/** The parts of a node that run where the node itself stands: of a function, only what computes its name or decorates it. */
function outerParts(node: typescript.Node): typescript.Node[] {
  const parts: typescript.Node[] = [];
  ts.forEachChild(node, child => void parts.push(child));
  if (ts.isClassStaticBlockDeclaration(node) || ts.isModuleDeclaration(node)) return [];
  if (!ts.isFunctionLike(node) && !ts.isPropertyDeclaration(node)) return parts;
  return parts.filter(part => ts.isComputedPropertyName(part) || ts.isDecorator(part));
}
