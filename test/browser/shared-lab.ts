import { Lab } from './lab';

let running: Promise<Lab> | null = null;

/** The JupyterLab that all suites share unless they need another. The first of them starts it; it ends after the last test. */
export function sharedLab(): Promise<Lab> {
  running ??= Lab.start();
  return running;
}

after(async () => (await running?.catch(() => null))?.close());
