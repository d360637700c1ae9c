import type * as typescript from '@tslab/typescript-for-tslab';

/** Code in which `{a}` has become `{a: a}`, with a function that maps positions back. */
export interface Expanded {
  code: string;
  /** UTF-16 index in the original code for one in `code`. */
  toOriginal(index: number): number;
}

/**
 * Expands shorthand properties. tslab replaces names of earlier cells by `exports.name`, but not in shorthands, so
 * `{units}` would throw a ReferenceError. Line numbers do not change.
 */
export function expandShorthands(ts: typeof typescript, code: string): Expanded {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest);
  const insertions: { index: number; text: string }[] = [];
  const visit = (node: typescript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      insertions.push({ index: node.name.end, text: `: ${node.name.text}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let expanded = '';
  let done = 0;
  for (const { index, text } of insertions) {
    expanded += code.slice(done, index) + text;
    done = index;
  }
  return { code: expanded + code.slice(done), toOriginal: index => toOriginal(insertions, index) };
}

function toOriginal(insertions: { index: number; text: string }[], index: number): number {
  let shift = 0;
  for (const insertion of insertions) {
    const start = insertion.index + shift;
    if (index < start) break;
    if (index < start + insertion.text.length) return insertion.index;
    shift += insertion.text.length;
  }
  return index - shift;
}
