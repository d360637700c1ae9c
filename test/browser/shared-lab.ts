import { Lab } from './lab';

let running: Promise<Lab> | null = null;

/** The one JupyterLab of all suites that need no other: started by the first of them, ended after the last test. */
export function sharedLab(): Promise<Lab> {
  running ??= Lab.start();
  return running;
}

after(async () => (await running?.catch(() => null))?.close());
