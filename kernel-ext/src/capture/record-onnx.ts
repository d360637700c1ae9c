import type { Tensor } from '@tensorflow/tfjs';
import type { OnnxModel } from '../onnx-file/onnx-model';
import type { Capture } from './kernel-call';
import type { InputPart, NamedTensors } from './source';

/** How an ONNX model is run on x. */
export interface OnnxFeed {
  /** The name of the input that x is, in its shape; for several inputs side by side in x, [N, D], where each lies. */
  readonly moving: string | readonly InputPart[];
  /** The inputs that are held at their values, such as token ids beside an image. */
  readonly held: NamedTensors;
}

/**
 * Runs an ONNX model once on x and returns the operators on the paths from x to its outputs. Everything else, held inputs among
 * it, is a constant. No tensor is left behind.
 *
 * @param x in the shape that the model runs on; an input of integers is cast.
 * @throws OnnxError, DisconnectedError, ModelError
 */
export function captureOnnx(_model: OnnxModel, _x: Tensor, _feed: OnnxFeed): Promise<Capture> {
  throw new Error('not yet');
}

/**
 * Some activations of a capture as onnxruntime computes them from the file itself, without any frozen steps; F(x) is the one at
 * `capture.output.value`. The caller disposes them.
 */
export function onnxActivations(
  _model: OnnxModel,
  _x: Tensor,
  _feed: OnnxFeed,
  _capture: Capture,
  _values: readonly number[],
): Promise<Tensor[]> {
  throw new Error('not yet');
}
