import { writeSync } from 'node:fs';
import { ProcessExitError } from './errors';

const STDERR = 2;

/**
 * Makes `process.exit` in a cell end the cell instead of the kernel.
 * @returns a function that ends the process; its reason goes to the log of the Jupyter server
 */
export function keepAlive(): (code: number, reason?: string) => never {
  const exit = process.exit.bind(process);
  process.exit = code => {
    throw new ProcessExitError(code);
  };
  return (code, reason = '') => {
    writeSync(STDERR, reason);
    return exit(code);
  };
}
