import type * as typescript from '@tslab/typescript-for-tslab';
import type { Completion } from './engine';
import { ts } from './tslab-dialect';

type Node = typescript.Node;

const COMMANDS = new Set(['linearize', 'compile']);
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** Where the name of a layer is, or begins: `linearize(model, x, { to: 'conv…' })`. */
interface NameSpan {
  /** The variable that holds the model. */
  model: string;
  start: number;
  end: number;
  quoted: boolean;
}

/**
 * Names of layers for `from`, `to` and the keys of `policy` in the options of linearize and compile.
 * @param layersOf names of the layers of the model in a variable; empty if it holds no model
 * @returns null if no layer name is expected there, or none fits
 */
export function completeLayer(
  code: string,
  position: number,
  layersOf: (variable: string) => readonly string[],
): Completion | null {
  const span = findName(code, position);
  if (!span) return null;
  const typed = code.slice(span.start, position).toLowerCase();
  const rank = (name: string): number => name.toLowerCase().indexOf(typed);
  const names = layersOf(span.model).filter(name => rank(name) >= 0);
  names.sort((a, b) => Math.sign(rank(a)) - Math.sign(rank(b)));
  const matches = names.map(name => ({ text: span.quoted ? name : asKey(name), type: 'string' }));
  return matches.length > 0 ? { start: span.start, end: span.end, matches } : null;
}

const asKey = (name: string): string => (IDENTIFIER.test(name) ? name : `'${name}'`);

function findName(code: string, position: number): NameSpan | null {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  const node = deepest(file, position);
  const quoted = ts.isStringLiteralLike(node);
  if (!quoted && !ts.isIdentifier(node)) return null;
  const options = isOptionValue(node, quoted) ?? policyOf(node);
  const model = options && modelOf(options);
  if (!model) return null;
  const start = node.getStart(file) + (quoted ? 1 : 0);
  // An unterminated string extends to the end of the line.
  const closed = quoted && node.end > position && code[node.end - 1] === code[node.getStart(file)];
  const end = closed ? node.end - 1 : quoted ? position : node.end;
  return position < start ? null : { model, start, end, quoted };
}

function deepest(node: Node, position: number): Node {
  const child = ts.forEachChild(node, at => (at.pos <= position && position <= at.end ? at : undefined));
  return child ? deepest(child, position) : node;
}

/** The options around the value of `from` or `to`. */
function isOptionValue(node: Node, quoted: boolean): typescript.ObjectLiteralExpression | null {
  const { parent } = node;
  if (!quoted || !ts.isPropertyAssignment(parent) || parent.initializer !== node) return null;
  return /^(from|to)$/.test(parent.name.getText()) ? parent.parent : null;
}

/** The options around a key of `policy`. */
function policyOf(node: Node): typescript.ObjectLiteralExpression | null {
  const { parent } = node;
  const isKey =
    (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) && parent.name === node;
  const policy = isKey && parent.parent.parent;
  return policy && ts.isPropertyAssignment(policy) && policy.name.getText() === 'policy'
    ? policy.parent
    : null;
}

/** The first argument of the command that takes these options. */
function modelOf(options: typescript.ObjectLiteralExpression): string | null {
  const call = options.parent;
  if (!ts.isCallExpression(call) || !COMMANDS.has(call.expression.getText())) return null;
  const [model] = call.arguments;
  return ts.isIdentifier(model) ? model.text : null;
}
