import { Backend, BACKENDS, BackendStarter, Tfjs } from './backend';
import { cpuBackend } from './cpu-backend';
import { BackendUnavailableError, UnknownBackendError, WrongProductError } from './errors';
import { nativeBackend } from './native-backend';
import { nativeRemedy } from './remedy';
import { wasmBackend } from './wasm-backend';

/** What computes in this process. */
export interface Runtime {
  /** The only tfjs of this process: the same engine that `import * as tf from '@tensorflow/tfjs'` returns. */
  tf: Tfjs;
  backend: Backend;
  /** Version of what computes: TensorFlow's library (2.21.0), or the package of the WASM or CPU backend (4.22.0). */
  version: string;
  /** Why this backend runs, as a sentence; for a fallback, what failed before and what the fallback costs. */
  reason: string;
}

const STARTERS: readonly BackendStarter[] = [nativeBackend, wasmBackend, cpuBackend];

const COSTS: Record<Backend, string> = {
  tensorflow: '',
  wasm: ' Forward passes stay fast; rows of W take several times longer, and convolutions cannot be trained.',
  cpu: ' Everything takes ten to a hundred times longer.',
};

let started: Promise<Runtime> | undefined;

/**
 * Starts the fastest backend that runs here: native TensorFlow, else WASM, else CPU. The choice is made once per process,
 * and later calls return the same answer. The environment variable PIECEWISE_BACKEND (tensorflow, wasm, cpu) sets the backend.
 * @throws UnknownBackendError, BackendUnavailableError
 *
 * @example
 * const { tf, backend } = await startRuntime();
 */
export function startRuntime(): Promise<Runtime> {
  return (started ??= choose(process.env.PIECEWISE_BACKEND));
}

async function choose(wanted: string | undefined): Promise<Runtime> {
  if (!wanted) return firstThatRuns();
  const starter = STARTERS.find(each => each.backend === wanted);
  if (!starter) throw new UnknownBackendError(wanted);
  try {
    const reason = `PIECEWISE_BACKEND asks for ${starter.backend}.${COSTS[starter.backend]}`;
    return { ...(await startAndCheck(starter)), backend: starter.backend, reason };
  } catch (error) {
    throw new BackendUnavailableError(starter.backend, firstLine(error), { cause: error });
  }
}

async function firstThatRuns(): Promise<Runtime> {
  const failures: string[] = [];
  for (const starter of STARTERS) {
    try {
      const running = await startAndCheck(starter);
      return { ...running, backend: starter.backend, reason: reasonFor(starter, failures) };
    } catch (error) {
      failures.push(`${starter.label} does not run here: ${firstLine(error)}`);
    }
  }
  throw new BackendUnavailableError('any', failures.join('; '));
}

function reasonFor({ backend, label }: BackendStarter, failures: string[]): string {
  if (backend === BACKENDS[0]) return `${label} loads and computes; nothing is faster here.`;
  return `${failures.join('; ')}.${COSTS[backend]} To change that, ${nativeRemedy()}.`;
}

async function startAndCheck(starter: BackendStarter) {
  const running = await starter.start();
  await checkProduct(running.tf);
  return running;
}

/** Numbers whose products are exact in float32, so the test can ask for equality. */
async function checkProduct(tf: Tfjs): Promise<void> {
  const product = tf.tidy(() => tf.tensor2d([1, 2, 3, 4], [2, 2]).matMul(tf.tensor2d([5, 6, 7, 8], [2, 2])));
  const received = Array.from(await product.data());
  product.dispose();
  const expected = [19, 22, 43, 50];
  if (expected.some((value, i) => value !== received[i])) throw new WrongProductError(expected, received);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .trim()
    .split('\n')[0]
    .replace(/\.\s*$/, '');
}
