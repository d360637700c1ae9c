import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = resolve(__dirname, '..', '..');

/** Where a script of the set-up lies, for import in a script of its own. */
export const setupUrl = (file: string): string => pathToFileURL(join(root, 'kernel-ext', 'setup', file)).href;

/** The set-up is plain JavaScript, since it runs before anything is installed; a test says what it takes from it. */
export async function setupModule<T>(file: string): Promise<T> {
  return (await import(setupUrl(file))) as T;
}

/** The environment of a user who leaves the choice of the backend to Piecewise. */
export function withoutOverride(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.PIECEWISE_BACKEND;
  return env;
}
