import type * as typescript from '@tslab/typescript-for-tslab';
import { type CellNames, readNames } from './cell-names';
import { exportedName, exportTarget, importedBinding, isEsModuleMark, isVoidChain } from './export-patterns';
import { ts } from './tslab-dialect';

type Node = typescript.Node;

/**
 * Rewrites the JavaScript of cells so that their variables live in the boxes of `CellScope`. tslab gives every cell a
 * copy of each variable and writes each change to `exports`, so closures never see what later cells assign, and loops
 * are about 100 times slower than in a function. Here, a variable that some function mentions is replaced by its box; any
 * other stays a local variable, and its box gets a copy of what is written to it.
 */
export class LiveVariables {
  /** Names that functions of any cell mention. */
  private readonly shared = new Set<string>();

  /** @param code CommonJS output of tslab; no line is added or removed */
  rewrite(code: string): string {
    const names = readNames(code, this.shared);
    names.mentioned.forEach(name => this.shared.add(name));
    return new Rewriting(names).text();
  }
}

class Rewriting {
  private readonly boxes = new Set<string>();
  private readonly source: string;
  private readonly prefix: string;
  /** Variables whose boxes are written when the enclosing loop ends. */
  private deferred: ReadonlySet<string> = new Set();

  constructor(private readonly names: CellNames) {
    this.source = names.file.text;
    let prefix = '$';
    while (names.words.some(word => word.startsWith(prefix))) prefix += '$';
    this.prefix = prefix;
  }

  text(): string {
    const body = this.inner(this.names.file);
    const hoisted = this.names.functions.map(name => `${this.boxed(name)} = ${name};`).join(' ');
    const boxes = [...this.boxes].map(name => `${this.prefix}${name} = exports.${name}`);
    return `${boxes.length > 0 ? `const ${boxes.join(', ')}; ` : ''}${hoisted}${body}`;
  }

  private boxed(name: string): string {
    this.boxes.add(name);
    return `${this.prefix}${name}.${name}`;
  }

  /** The node with its leading trivia. */
  private render(node: Node): string {
    const text =
      this.statement(node) ?? this.declarations(node) ?? this.loop(node) ?? this.expression(node) ?? null;
    if (text === null) return this.inner(node);
    return this.source.slice(node.pos, node.getStart(this.names.file)) + text;
  }

  /** The text as it is, except for what its children become. */
  private inner(node: Node, from = node.pos): string {
    let text = '';
    let at = from;
    ts.forEachChild(node, child => {
      text += this.source.slice(at, child.pos) + this.render(child);
      at = child.end;
    });
    return text + this.source.slice(at, node.end);
  }

  private trimmed(node: Node): string {
    return this.render(node).slice(node.getStart(this.names.file) - node.pos);
  }

  /** What the compiler added to export the variables. An empty statement stays, because it may be all of a branch. */
  private statement(node: Node): string | null {
    if (!ts.isExpressionStatement(node)) return null;
    const imported = importedBinding(node.expression);
    if (imported) return `${this.boxed(imported.name)} = ${this.trimmed(imported.value)};`;
    if (isEsModuleMark(node.expression) || isVoidChain(node.expression)) return ';';
    const target = exportTarget(node.expression);
    const kind = target && this.names.kindOf(target.name);
    if (!kind || !ts.isIdentifier(target.value) || target.value.text !== target.name) return null;
    if (kind === 'function' || kind === 'boxed' || this.deferred.has(target.name)) return ';';
    return `${this.boxed(target.name)} = ${target.name};`;
  }

  /** `let a = 1, { b } = o;` becomes `($a.a = 1, { b: $b.b } = o);` where the variables are their boxes. */
  private declarations(node: Node): string | null {
    const list = ts.isVariableStatement(node) ? node.declarationList : node;
    if (!ts.isVariableDeclarationList(list) || !this.names.isBoxed(list)) return null;
    const parts = list.declarations.map(({ name, initializer }) => {
      const value = initializer ? ` = ${this.trimmed(initializer)}` : isLoopTarget(list) ? '' : ' = void 0';
      return this.pattern(name) + value;
    });
    return ts.isVariableStatement(node) ? `(${parts.join(', ')});` : parts.join(', ');
  }

  private pattern(node: typescript.BindingName): string {
    if (ts.isIdentifier(node)) return this.boxed(node.text);
    const elements = node.elements.map(element => {
      if (ts.isOmittedExpression(element)) return '';
      const { dotDotDotToken, propertyName, name, initializer } = element;
      const rest = dotDotDotToken ? '...' : '';
      const key = propertyName ? this.trimmed(propertyName) : ts.isIdentifier(name) ? name.text : '';
      const property = ts.isObjectBindingPattern(node) && !rest ? `${key}: ` : '';
      return rest + property + this.pattern(name) + (initializer ? ` = ${this.trimmed(initializer)}` : '');
    });
    const text = elements.join(', ');
    return ts.isObjectBindingPattern(node) ? `{ ${text} }` : `[${text}]`;
  }

  /** A loop that calls nothing keeps its variables local: their boxes are written when it ends, however it ends. */
  private loop(node: Node): string | null {
    const written = this.names.writtenBy(node).filter(name => !this.deferred.has(name));
    if (written.length === 0) return null;
    const before = this.deferred;
    this.deferred = new Set([...before, ...written]);
    const text = this.inner(node, node.getStart(this.names.file));
    this.deferred = before;
    return `try { ${text} } finally { ${written.map(name => `${this.boxed(name)} = ${name};`).join(' ')} }`;
  }

  private expression(node: Node): string | null {
    const target = exportTarget(node);
    if (target) {
      const kind = this.names.kindOf(target.name);
      const value = this.trimmed(target.value);
      const drop = kind === 'boxed' || kind === 'function' || this.deferred.has(target.name);
      return drop ? value : `${this.boxed(target.name)} = ${value}`;
    }
    if (ts.isShorthandPropertyAssignment(node) && this.names.isReference(node.name)) {
      return `${node.name.text}: ${this.boxed(node.name.text)}`;
    }
    const name = exportedName(node) ?? (ts.isIdentifier(node) && this.names.isReference(node) && node.text);
    if (!name) return null;
    // Called as `$f.f()`, the function would get the box as `this`.
    const called =
      (ts.isCallExpression(node.parent) && node.parent.expression === node) ||
      (ts.isTaggedTemplateExpression(node.parent) && node.parent.tag === node);
    return called ? `(0, ${this.boxed(name)})` : this.boxed(name);
  }
}

function isLoopTarget(list: typescript.VariableDeclarationList): boolean {
  return ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent);
}
