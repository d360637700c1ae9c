import type { OnnxModel } from './onnx-model';

/** What a caller knows about an ONNX file beyond what it holds. */
export interface OnnxOptions {
  /** The files of external data by the paths that the model gives them, for a model from bytes. */
  externalData?: Readonly<Record<string, Uint8Array>>;
  /**
   * What is done to an input before the network: ((x · scale) − mean) / std, with one mean and std for each channel or one for all.
   * It becomes part of the map, so that W acts on the picture that a person sees. Default of scale: 1.
   */
  normalize?: { mean: number | readonly number[]; std: number | readonly number[]; scale?: number };
  /** Where the channels of an image stand in the inputs. Default: what the network reads first tells. */
  layout?: 'NCHW' | 'NHWC';
}

export function loadOnnx(_file: string | Uint8Array, _options: OnnxOptions = {}): Promise<OnnxModel> {
  throw new Error('not yet');
}
