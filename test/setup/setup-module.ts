import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = resolve(__dirname, '..', '..');

/** @returns the URL of a script of the set-up, for a script that a test writes */
export const setupUrl = (file: string): string => pathToFileURL(join(root, 'kernel-ext', 'setup', file)).href;

/** Imports a script of the set-up, which is plain JavaScript because it runs before anything is installed. The caller declares the types. */
export async function setupModule<T>(file: string): Promise<T> {
  return (await import(setupUrl(file))) as T;
}

/** The environment of a user who leaves the choice of the backend to Piecewise. */
export function withoutOverride(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.PIECEWISE_BACKEND;
  return env;
}
