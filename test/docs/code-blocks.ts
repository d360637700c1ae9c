import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');

/** The fenced blocks of one language in a file of the project. */
export function codeBlocks(file: string, language: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(m => m[1] === language).map(m => m[2]);
}
