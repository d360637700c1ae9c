import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as typescript from '@tslab/typescript-for-tslab';
import { ts } from './tslab-dialect';

/** A value that the library exports. */
export interface Command {
  name: string;
  /** The doc comment of its declaration, with its delimiters; empty if it has none. */
  documentation: string;
}

/**
 * The values that a declaration file exports, with the documentation of each, found by following re-exports to its
 * declaration. Types are left out, and so is `export *`, which names nothing.
 * @param file path of a `.d.ts` file
 */
export function readCommands(file: string): Command[] {
  return reexportsOf(parse(file)).map(({ name, from }) => ({
    name,
    documentation: documentationOf(name, resolve(file, from)),
  }));
}

/** The doc comment of a declaration: editors show only what stands on the global itself. */
export function documentationOf(name: string, file: string): string {
  const source = parse(file);
  const declaration = source.statements.find(statement => declaredNames(statement).includes(name));
  if (declaration) return docComment(declaration, source);
  const target = reexportsOf(source).find(each => each.name === name);
  return target ? documentationOf(name, resolve(file, target.from)) : '';
}

function parse(file: string): typescript.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
}

/** Values that a file exports from other files. */
function reexportsOf(source: typescript.SourceFile): { name: string; from: string }[] {
  return source.statements.flatMap(statement => {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return [];
    const { moduleSpecifier, exportClause } = statement;
    if (!moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) return [];
    const from = (moduleSpecifier as typescript.StringLiteral).text;
    const values = exportClause.elements.filter(element => !element.isTypeOnly);
    return values.map(element => ({ name: element.name.text, from }));
  });
}

function declaredNames(statement: typescript.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => (name as typescript.Identifier).text);
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

/** The last comment before a statement, if it is a doc comment. */
function docComment(statement: typescript.Statement, { text }: typescript.SourceFile): string {
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
  const comment = comments.map(({ pos, end }) => text.slice(pos, end)).at(-1) ?? '';
  return comment.startsWith('/**') ? comment : '';
}

function resolve(file: string, specifier: string): string {
  const path = join(dirname(file), specifier);
  return existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, 'index.d.ts');
}
