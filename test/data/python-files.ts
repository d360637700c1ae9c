import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const PYTHON = process.env.PIECEWISE_PYTHON ?? join(resolve(__dirname, '../..'), '.venv/bin/python');

/** Runs a Python script in a folder, where NumPy and the csv module write files to be read here. @returns what it prints, as JSON */
export function writtenByPython<T>(script: string, folder: string): T {
  return JSON.parse(execFileSync(PYTHON, ['-c', script], { cwd: folder, encoding: 'utf8' })) as T;
}
