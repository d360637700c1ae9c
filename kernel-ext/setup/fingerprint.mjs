import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from './replace-file.mjs';

function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap(name => files(join(path, name)));
}

/** @returns a digest of the names and contents of files and folders, and of anything else that a result depends on */
export function fingerprint(paths, ...more) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(files))
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  for (const text of more) hash.update(String(text)).update('\0');
  return hash.digest('hex');
}

/** @returns whether `stamp` was written for exactly this fingerprint */
export function isStamped(stamp, print) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

/** Records that the work for a fingerprint is done. Call it only after the work has succeeded. */
export function writeStamp(stamp, print) {
  mkdirSync(dirname(stamp), { recursive: true });
  replaceFile(stamp, print);
}

/** Call it before the work changes anything: what an interruption leaves must not pass for the work of older sources. */
export function removeStamp(stamp) {
  rmSync(stamp, { force: true });
}
