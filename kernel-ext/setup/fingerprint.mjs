import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap(name => files(join(path, name)));
}

/** @returns a digest of the contents of files and folders, and of anything else that a result depends on */
export function fingerprint(paths, ...more) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(files))
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  for (const text of more) hash.update(String(text)).update('\0');
  return hash.digest('hex');
}

/** Says whether `stamp` was written for this very fingerprint. */
export function isStamped(stamp, print) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

/** To be called when the work has succeeded, never before. */
export function writeStamp(stamp, print) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, print);
}
