import type { Executor } from '../linear-map/compiled';
import type { Work } from '../linear-map/work';
import type { Tokens } from './token-names';

/** How one linearization is computed. */
export interface RunOptions extends Work {
  /** Names of the outputs, one for each. Default: '0', '1', … */
  labels?: readonly string[];
  /**
   * The texts of the T tokens, where the map starts at their embedding, [T, E]: `plot` then shows what each token adds. For a batch,
   * a list for each instance, padding included. Default: none, and `plot` shows the T × E numbers.
   */
  tokens?: Tokens;
  /**
   * Bytes that the work may take at once: it is cut into tiles of rows and of instances that fit, and `toTensor` refuses a
   * larger W. Default: a quarter of the machine's free memory, 64 MiB to 1 GiB. The weights are not counted;
   * 'onnx' keeps copies of them, some for forward and some for backward passes: up to 512 MiB per model, or one copy of each kind.
   */
  memory?: number;
  /**
   * The executor. 'tfjs' (default) starts at once and runs on the backend of TensorFlow.js. 'onnx' compiles a static
   * graph for onnxruntime at the first call for a model and a shape, then computes F(x), b and all of W in one run.
   */
  executor?: Executor;
}
