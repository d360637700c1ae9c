import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a small file as a whole: an interrupted set-up leaves the old one or the new one. (Nothing is compiled yet, so this cannot be the kernel's own.) */
export function replaceFile(path, text) {
  const part = `${path}.part-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = openSync(part, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
