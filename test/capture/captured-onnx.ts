import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { isConstant, type Capture, type KernelCall } from '../../kernel-ext/src/capture/kernel-call';
import { captureOnnx } from '../../kernel-ext/src/capture/record-onnx';
import { loadOnnx, type OnnxOptions } from '../../kernel-ext/src/onnx-file/load-onnx';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { countSessions } from '../onnx-file/counted-sessions';

/** Checks after each test of a suite that no tensor and no session of onnxruntime is left. */
export function assertNothingLeft(): void {
  const sessions = countSessions();
  let tensors = 0;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(sessions.held, 0);
  });
}

/** Loads a model, and disposes of it afterwards. */
export async function withModel(
  bytes: Uint8Array,
  use: (of: OnnxModel) => Promise<void>,
  options?: OnnxOptions,
): Promise<void> {
  const loaded = await loadOnnx(bytes, options);
  try {
    await use(loaded);
  } finally {
    loaded.dispose();
  }
}

/** The capture of a model at ones. */
export async function captured(bytes: Uint8Array, shape: number[]): Promise<Capture> {
  const loaded = await loadOnnx(bytes);
  const x = tf.ones(shape);
  try {
    return await captureOnnx(loaded, x, { moving: 'x', held: {} });
  } finally {
    x.dispose();
    loaded.dispose();
  }
}

/** What a call reads: activations as '#' and their shape, constants as their numbers. */
export const read = ({ inputs }: KernelCall) =>
  Object.entries(inputs).map(([position, ref]) => {
    if (ref === undefined || Array.isArray(ref)) return [position, ref];
    if (!isConstant(ref)) return [position, `# ${ref.shape.join()}`];
    return [position, 'integers' in ref ? ref.integers : [...('values' in ref ? ref.values : [])]];
  });
