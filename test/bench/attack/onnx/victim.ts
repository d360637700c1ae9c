/**
 * A process that loads the ONNX files which its parent sends, and explains those that load. It reports what became of each; if
 * it ends, a file has killed it.
 */
import '../../../backend';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession } from 'onnxruntime-node';
import { linearize, loadOnnx, type OnnxModel } from '../../../../kernel-ext/src';
import { isSound } from '../../../../kernel-ext/src/payload/residual';
import { PiecewiseError } from '../../../../kernel-ext/src/public-errors';

export interface Outcome {
  /** What became of the file; 'raw' is an error that is not typed, 'unsound' a map whose residual is more than rounding. */
  kind: 'refused' | 'explained' | 'unsound' | 'raw';
  message: string;
  /** By how much the peak of the memory has grown [bytes]. */
  grown: number;
  /** Sessions and tensors that are left. */
  left: number;
}

/** No input of a file that is damaged by chance has as many numbers as this. */
const MOST_NUMBERS = 1e6;

/** The file states an input that is too large to be made; nothing was allocated for it. */
class TooLargeError extends PiecewiseError {
  constructor(count: number) {
    super(`The bench makes no input of ${count} numbers.`);
  }
}

let sessions = 0;
const create = InferenceSession.create.bind(InferenceSession) as (
  ...of: unknown[]
) => Promise<InferenceSession>;
InferenceSession.create = async (...of: unknown[]) => {
  const session = await create(...of);
  sessions++;
  const release = session.release.bind(session);
  session.release = async () => {
    sessions--;
    await release();
  };
  return session;
};

/** Inputs of ones in the shapes that the model states; free axes get the length 2. */
function inputsOf({ inputs }: OnnxModel): Record<string, tf.Tensor> {
  const entries = inputs.map(({ name, shape, type }): [string, tf.Tensor] => {
    const lengths = shape.map(length => (typeof length === 'string' ? 2 : length));
    const count = lengths.reduce((product, length) => product * length, 1);
    if (count > MOST_NUMBERS) throw new TooLargeError(count);
    const ones = new Float32Array(count).map((_, i) => (/int/.test(type) ? 1 : Math.sin(i + 1)));
    return [name, tf.tensor(ones, lengths, /int/.test(type) ? 'int32' : 'float32')];
  });
  return Object.fromEntries(entries);
}

async function explained(model: OnnxModel): Promise<Pick<Outcome, 'kind' | 'message'>> {
  const x = inputsOf(model);
  try {
    const names = Object.keys(x);
    const lin = await (names.length === 1 ? linearize(model, x[names[0]]) : linearize(model, x));
    try {
      const residual = await lin.residual();
      return { kind: isSound(residual) ? 'explained' : 'unsound', message: JSON.stringify(residual) };
    } finally {
      lin.dispose();
    }
  } finally {
    tf.dispose(x);
  }
}

async function attempt(source: string | Uint8Array): Promise<Pick<Outcome, 'kind' | 'message'>> {
  try {
    const model = await loadOnnx(source);
    try {
      return await explained(model);
    } finally {
      model.dispose();
    }
  } catch (error) {
    const kind = error instanceof PiecewiseError ? 'refused' : 'raw';
    return { kind, message: String(error instanceof Error ? error.stack : error) };
  }
}

/** @param source the path of a file, or its bytes */
async function answer(source: string | Uint8Array): Promise<void> {
  const [peak, tensors] = [process.resourceUsage().maxRSS, tf.memory().numTensors];
  const { kind, message } = await attempt(source);
  // Sessions are released a moment after their last run.
  for (let i = 0; i < 100 && sessions > 0; i++) await sleep(10);
  const outcome: Outcome = {
    kind,
    message: 'polluted' in {} ? 'Object.prototype has changed' : message,
    grown: (process.resourceUsage().maxRSS - peak) * 1024,
    left: sessions + tf.memory().numTensors - tensors,
  };
  sessions = 0;
  process.send!(outcome);
}

console.warn = () => {};
process.on('message', (source: string | Uint8Array) => void answer(source));
process.send!('ready');
