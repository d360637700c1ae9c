import type * as typescript from '@tslab/typescript-for-tslab';
import { exportedName, exportTarget } from './export-patterns';
import { ts } from './tslab-dialect';

type Node = typescript.Node;

/**
 * How a variable that a cell declares is kept: `boxed` variables exist only in their box, the others also as they were
 * declared; `local` variables are those that no function mentions.
 */
export type Kind = 'boxed' | 'local' | 'function' | 'class';

/** What the compiler's binder knows about a scope; TypeScript has no type for it. */
interface Bound {
  locals?: ReadonlyMap<string, typescript.Symbol>;
}

const bind = (ts as unknown as { bindSourceFile(file: Node, options: object): void }).bindSourceFile;

/** The names of one cell's JavaScript. */
export interface CellNames {
  file: typescript.SourceFile;
  /** Every identifier of the cell. */
  words: string[];
  /** Functions that the cell declares at the top level. */
  functions: string[];
  /** Variables that functions of this cell mention, whichever cell declares them. */
  mentioned: ReadonlySet<string>;
  /** null if it is not a variable of this cell. */
  kindOf(name: string): Kind | null;
  /** Whether an identifier must be read from its box. */
  isReference(node: typescript.Identifier): boolean;
  isBoxed(list: typescript.VariableDeclarationList): boolean;
  /** Local variables whose boxes can be written at the end of this loop; empty if the node is not a loop. */
  writtenBy(node: Node): string[];
}

/**
 * @param code CommonJS output of tslab
 * @param shared names that functions of earlier cells mention
 */
export function readNames(code: string, shared: ReadonlySet<string>): CellNames {
  const file = ts.createSourceFile('cell.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  bind(file, {});
  const own = ownSymbols(file);
  const mentioned = mentionedNames(file, own);
  const kinds = new Map([...own].map(([name, symbol]) => [name, declaredKind(symbol)]));
  const box = (name: string): boolean => kinds.get(name) === 'boxed';
  for (const name of own.keys()) {
    if (kinds.get(name) === 'local' && (shared.has(name) || mentioned.has(name))) kinds.set(name, 'boxed');
  }
  // All variables of one declaration are kept in the same way.
  const boxedLists = new Set(topLists(file).filter(list => declaredNames(list).some(box)));
  [...boxedLists].flatMap(declaredNames).forEach(name => kinds.set(name, 'boxed'));
  return {
    file,
    words: [...(file as unknown as { identifiers: Map<string, string> }).identifiers.keys()],
    functions: [...kinds.keys()].filter(name => kinds.get(name) === 'function'),
    mentioned,
    kindOf: name => kinds.get(name) ?? null,
    isReference: node =>
      isReference(node, file) &&
      own.has(node.text) &&
      kinds.get(node.text) !== 'local' &&
      !isInOwnClass(node, own.get(node.text)!),
    isBoxed: list => boxedLists.has(list),
    writtenBy: node => writtenBy(node).filter(name => kinds.get(name) === 'local'),
  };
}

/** The exported names at the top level of the cell, without the compiler's own variables. */
function ownSymbols(file: typescript.SourceFile): Map<string, typescript.Symbol> {
  const { locals } = file as Bound;
  const own = new Map<string, typescript.Symbol>();
  visit(file, node => {
    const name = exportTarget(node)?.name;
    const symbol = name && locals?.get(name);
    if (symbol) own.set(name, symbol);
  });
  return own;
}

function declaredKind({ flags }: typescript.Symbol): Kind {
  if (flags & ts.SymbolFlags.Function) return 'function';
  return flags & ts.SymbolFlags.Class ? 'class' : 'local';
}

function mentionedNames(file: typescript.SourceFile, own: ReadonlyMap<string, unknown>): Set<string> {
  const mentioned = new Set<string>();
  const look = (node: Node, inFunction: boolean): void => {
    if (inFunction) {
      const name = exportedName(node);
      if (name) mentioned.add(name);
      if (ts.isIdentifier(node) && own.has(node.text) && isReference(node, file)) mentioned.add(node.text);
    }
    ts.forEachChild(node, child =>
      look(child, inFunction || ts.isFunctionLike(node) || ts.isClassLike(node)),
    );
  };
  look(file, false);
  return mentioned;
}

/** Whether an identifier refers to a variable that the top level of the file declares. */
function isReference(node: typescript.Identifier, file: typescript.SourceFile): boolean {
  const parent = node.parent as Partial<Record<'name' | 'propertyName' | 'label', Node>>;
  const shorthand = ts.isShorthandPropertyAssignment(node.parent);
  if ((parent.name === node && !shorthand) || parent.propertyName === node || parent.label === node)
    return false;
  for (let at = node.parent; at !== file; at = at.parent) {
    if ((at as Bound).locals?.has(node.text)) return false;
    if ((ts.isFunctionExpression(at) || ts.isClassExpression(at)) && at.name?.text === node.text)
      return false;
  }
  return true;
}

function isInOwnClass(node: Node, symbol: typescript.Symbol): boolean {
  const own = symbol.declarations ?? [];
  return ts.findAncestor(node, at => ts.isClassDeclaration(at) && own.includes(at)) !== undefined;
}

/** The declarations whose variables belong to the whole cell: all at the top level, and each `var` outside functions. */
function topLists(file: typescript.SourceFile): typescript.VariableDeclarationList[] {
  const lists: typescript.VariableDeclarationList[] = [];
  const look = (node: Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isVariableDeclarationList(node)) {
      const isAtTop = ts.isVariableStatement(node.parent) && node.parent.parent === file;
      const isVar = (node.flags & ts.NodeFlags.BlockScoped) === 0;
      if (isVar || isAtTop) lists.push(node);
    }
    ts.forEachChild(node, look);
  };
  look(file);
  return lists;
}

function declaredNames(list: typescript.VariableDeclarationList): string[] {
  const names = ({ name }: { name: typescript.BindingName }): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap(element => (ts.isOmittedExpression(element) ? [] : names(element)));
  return list.declarations.flatMap(names);
}

function writtenBy(node: Node): string[] {
  if (!ts.isIterationStatement(node, true)) return [];
  const written = new Set<string>();
  visit(node, at => {
    const name = exportTarget(at)?.name;
    if (name) written.add(name);
  });
  return written.size > 0 && callsNothing(node) ? [...written] : [];
}

/** At most, an interrupt can lose what such a loop has written to its variables. */
function callsNothing(node: Node): boolean {
  const isMath = (called: Node): boolean =>
    ts.isPropertyAccessExpression(called) && called.expression.getText() === 'Math';
  let calls = false;
  visit(node, at => {
    calls ||= ts.isCallExpression(at) && !isMath(at.expression);
    calls ||= ts.isNewExpression(at) || ts.isAwaitExpression(at) || ts.isTaggedTemplateExpression(at);
  });
  return !calls;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  ts.forEachChild(node, child => visit(child, see));
}
