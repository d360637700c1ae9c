import type * as typescript from '@tslab/typescript-for-tslab';
import { ts } from './tslab-dialect';

type Node = typescript.Node;

/** `units` of `exports.units`, or null. */
export function exportedName(node: Node): string | null {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return null;
  return node.expression.text === 'exports' ? node.name.text : null;
}

/** Name and value of `exports.name = value`, or null. */
export function exportTarget(node: Node): { name: string; value: typescript.Expression } | null {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  const name = exportedName(node.left);
  return name === null ? null : { name, value: node.right };
}

/** `exports.a = exports.b = void 0` */
export function isVoidChain(node: Node): boolean {
  const target = exportTarget(node);
  return target !== null && (ts.isVoidExpression(target.value) || isVoidChain(target.value));
}

function exportDefinition(node: Node): typescript.NodeArray<typescript.Expression> | null {
  if (!ts.isCallExpression(node) || node.arguments.length !== 3) return null;
  const [object] = node.arguments;
  const defines = node.expression.getText() === 'Object.defineProperty';
  return defines && ts.isIdentifier(object) && object.text === 'exports' ? node.arguments : null;
}

export function isEsModuleMark(node: Node): boolean {
  const name = exportDefinition(node)?.[1];
  return name !== undefined && ts.isStringLiteral(name) && name.text === '__esModule';
}

/** Name and value of `Object.defineProperty(exports, "join", { get: function () { return path_1.join; } })`, or null. */
export function importedBinding(node: Node): { name: string; value: typescript.Expression } | null {
  const [, name, descriptor] = exportDefinition(node) ?? [];
  if (!name || !ts.isStringLiteral(name) || !ts.isObjectLiteralExpression(descriptor)) return null;
  const getter = descriptor.properties.at(-1);
  if (!getter || !ts.isPropertyAssignment(getter) || !ts.isFunctionExpression(getter.initializer))
    return null;
  const [statement] = getter.initializer.body.statements;
  return ts.isReturnStatement(statement) && statement.expression
    ? { name: name.text, value: statement.expression }
    : null;
}

/**
 * CommonJS in which functions are exported before the first import runs, as ES modules export them: files that import each
 * other may call them at once. No line is added or removed.
 */
export function withHoistedExports(code: string): string {
  const { statements } = ts.createSourceFile('module.js', code, ts.ScriptTarget.Latest, true);
  const functions = new Set(
    statements.flatMap(at => (ts.isFunctionDeclaration(at) ? (at.name?.text ?? []) : [])),
  );
  const isFunction = (at: Node): boolean => ts.isIdentifier(at) && functions.has(at.text);
  const exported = statements.filter(at => {
    const target = ts.isExpressionStatement(at) && exportTarget(at.expression);
    return target && isFunction(target.value);
  });
  const first = statements.find(at => !(ts.isExpressionStatement(at) && isPreamble(at.expression)));
  if (exported.length === 0 || !first) return code;
  const start = first.getStart();
  return `${code.slice(0, start)}${exported.map(at => `${at.getText()} `).join('')}${code.slice(start)}`;
}

const isPreamble = (node: Node): boolean =>
  ts.isStringLiteral(node) || isEsModuleMark(node) || isVoidChain(node);
