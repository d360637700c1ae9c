import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from '../../../kernel-ext/src/data/cache';

export interface Numbers {
  shape: number[];
  values: Float32Array;
}

/** A case with some of its float inputs as x and the others as constants. */
export interface Variant {
  moving: string[];
  model: Uint8Array;
  x: Record<string, Numbers>;
  /** What the case itself expects, for each output of floats. */
  expected: Record<string, Numbers>;
  /** An input near by, a direction v, and the slope of F along v there. */
  at?: Record<string, Numbers>;
  v?: Record<string, Numbers>;
  slope?: Record<string, Numbers & { precise: boolean }>;
  /** Why the reference evaluator gives no slope. */
  without?: string;
}

export interface SuiteCase {
  name: string;
  operator: string;
  domain: string;
  version: number;
  variants: Variant[];
}

/** Cases whose difference lies in the case, and why. */
export const FAULTY_CASES = new Map([
  ['acosh_example', 'the slope of acosh is infinite at 1, which is in x'],
  ['averagepool_2d_ceil_last_window_starts_on_pad', 'its expected numbers have four digits'],
]);

const REQUIREMENTS = path.join(__dirname, 'requirements.txt');
const REFERENCE = path.join(__dirname, 'reference.py');

/** What the reference evaluator needs besides onnx itself, which is checked by its hash. */
const DEPENDENCIES = ['numpy==2.2.6', 'protobuf==6.33.0', 'ml_dtypes==0.5.3', 'typing_extensions==4.15.0'];

/** The cases of the package onnx, fetched into the cache and computed once. */
export const suiteCases = (): AsyncGenerator<SuiteCase> => casesOf(writtenCases());

/** The cases in a file that reference.py has written, one per line. */
export async function* casesOf(file: string): AsyncGenerator<SuiteCase> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    yield JSON.parse(line, revived) as SuiteCase;
  }
}

function revived(key: string, value: unknown): unknown {
  if (key === 'model') return Buffer.from(value as string, 'base64');
  const { shape, float32, ...rest } = (value ?? {}) as { shape?: number[]; float32?: string };
  if (float32 === undefined) return value;
  return { shape, values: new Float32Array(Uint8Array.from(Buffer.from(float32, 'base64')).buffer), ...rest };
}

function writtenCases(): string {
  const sources = [REQUIREMENTS, REFERENCE].map(file => readFileSync(file, 'utf8'));
  const print = createHash('sha256')
    .update([...sources, ...DEPENDENCIES].join())
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cacheFolder(), `onnx-suite-${print}`);
  const cases = path.join(folder, 'cases.jsonl');
  if (existsSync(cases)) return cases;
  console.log(`Fetching the cases of onnx into ${folder} (once, about a minute) …`);
  rmSync(folder, { recursive: true, force: true });
  execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const python = path.join(folder, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  execFileSync(python, [...pip, ...DEPENDENCIES], { stdio: 'inherit' });
  execFileSync(python, [...pip, '--no-deps', '--require-hashes', '-r', REQUIREMENTS], { stdio: 'inherit' });
  execFileSync(python, [REFERENCE, `${cases}.part`], { stdio: 'inherit' });
  renameSync(`${cases}.part`, cases);
  return cases;
}
