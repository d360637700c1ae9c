import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FileWriteError } from '../errors';
import { removeLeftovers } from './leftovers';

/** A file system that cannot force its contents to the disk answers with one of these. */
const CANNOT_SYNC = ['EINVAL', 'ENOSYS', 'ENOTSUP'];

/**
 * Writes a file so that its path always has either all of the old content or all of the new, even if the process is killed,
 * the disk fills up or the power fails: the content goes into a new file in the same folder, is forced to the disk, and takes
 * the place of the old file by a rename. The old file's mode and owner are kept, and a symbolic link keeps pointing to its
 * target, which is replaced. Devices and pipes are written directly. Other hard links keep the old content.
 *
 * @param path its folder must exist
 * @param parts the content in order: texts (UTF-8) and arrays (their bytes)
 * @throws FileWriteError, and then the old file is intact and no other file is left
 */
export async function replaceFile(
  path: string,
  ...parts: readonly (string | ArrayBufferView)[]
): Promise<void> {
  try {
    const target = await targetOf(path);
    const old = await statIfThere(target);
    if (old && !old.isFile()) return await writeDirectly(target, parts);
    // A rename would replace a file that is read-only, too.
    if (old) await (await open(target, 'r+')).close();
    await replace(target, old, parts);
  } catch (error) {
    throw new FileWriteError(path, error);
  }
}

async function replace(
  target: string,
  old: Stats | null,
  parts: readonly (string | ArrayBufferView)[],
): Promise<void> {
  const folder = dirname(target);
  await removeLeftovers(folder, prefixOf(target));
  const part = join(folder, `${prefixOf(target)}${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const file = await open(part, 'wx');
    try {
      await writeParts(file, parts);
      if (old) await keepModeAndOwner(file, old);
      await file.sync().catch(unlessUnsupported);
    } finally {
      await file.close();
    }
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Where a path leads through symbolic links; the last target need not exist. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const link = await readlink(path).catch(() => null);
    return link === null ? resolve(path) : targetOf(resolve(dirname(path), link));
  }
}

async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writeDirectly(path: string, parts: readonly (string | ArrayBufferView)[]): Promise<void> {
  const file = await open(path, 'w');
  try {
    await writeParts(file, parts);
  } finally {
    await file.close();
  }
}

async function writeParts(file: FileHandle, parts: readonly (string | ArrayBufferView)[]): Promise<void> {
  for (const part of parts)
    await file.writeFile(
      typeof part === 'string' ? part : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
    );
}

async function keepModeAndOwner(file: FileHandle, old: Stats): Promise<void> {
  const { uid, gid } = await file.stat();
  // Only the superuser may give files away; for anybody else, the file is their own now.
  if (uid !== old.uid || gid !== old.gid) await file.chown(old.uid, old.gid).catch(() => {});
  await file.chmod(old.mode & 0o7777);
}

function unlessUnsupported(error: NodeJS.ErrnoException): void {
  if (!CANNOT_SYNC.includes(error.code ?? '')) throw error;
}

/** Makes the rename itself permanent. Not every system can do this for folders, and the new content is safe without it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is in its place.
  }
}

/** Begins the names of unfinished files, which are hidden. Names of files are limited, and an old one may be at the limit. */
const prefixOf = (target: string) => `.${basename(target).slice(0, 40)}.part-`;
