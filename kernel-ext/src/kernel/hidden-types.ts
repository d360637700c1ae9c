import type * as typescript from '@tslab/typescript-for-tslab';

type Compiler = typeof typescript;

/** Declarations that are not exported, and exports of their own, which hide them in a declaration file. */
const DECLARES = /^(?:declare|abstract|class|enum|interface|type)\b/m;
const EXPORTS = /^export\b/m;
/** In a declaration file, this alone keeps a module from exporting all that it declares. */
const EXPORTS_BY_LIST = /^export\s*(?:\{|\*|default\b|type\s*\{)/m;

/**
 * The text of a module that also exports the types that it keeps to itself. What a cell declares reaches later cells by the
 * names of its types, so a type without a name outside its module could not: TypeScript refuses it (TS4023), or writes
 * the whole class out, again and again (TS7056).
 * @returns `text` with a line at its end, or `text` itself
 */
export function withHiddenTypes(ts: Compiler, path: string, text: string): string {
  const lists = path.endsWith('.d.ts') || path.endsWith('.d.mts') || path.endsWith('.d.cts');
  if (!DECLARES.test(text) || !(lists ? EXPORTS_BY_LIST : EXPORTS).test(text)) return text;
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  if (statements.some(statement => ts.isExportAssignment(statement) && statement.isExportEquals)) return text;
  const { local, exported, hasStar } = exportsOf(ts, statements);
  const hidden = statements.flatMap(statement => hiddenType(ts, statement) ?? []);
  const names = [...new Set(hidden)].filter(name => !local.has(name));
  if (names.length === 0) return text;
  const specifier = (name: string): string =>
    hasStar || exported.has(name) ? `${name} as ${name}$hidden` : name;
  return `${text}\nexport type { ${names.map(specifier).join(', ')} };\n`;
}

/** Name of a type that a statement declares without `export`. */
function hiddenType(ts: Compiler, statement: typescript.Statement): string | null {
  const isType =
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  if (!isType || !statement.name) return null;
  const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported ? null : statement.name.text;
}

/** The declarations that a module exports by a list, the names under which it exports, and whether it exports `*`. */
function exportsOf(
  ts: Compiler,
  statements: readonly typescript.Statement[],
): { local: Set<string>; exported: Set<string>; hasStar: boolean } {
  const local = new Set<string>();
  const exported = new Set<string>();
  let hasStar = false;
  for (const statement of statements) {
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression))
      local.add(statement.expression.text);
    if (!ts.isExportDeclaration(statement)) continue;
    const { exportClause, moduleSpecifier } = statement;
    if (!exportClause) hasStar = true;
    else if (ts.isNamedExports(exportClause))
      for (const { name, propertyName } of exportClause.elements) {
        exported.add(name.text);
        if (!moduleSpecifier) local.add((propertyName ?? name).text);
      }
  }
  return { local, exported, hasStar };
}
