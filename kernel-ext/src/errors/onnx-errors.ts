import { PiecewiseError } from './piecewise-error';

/** Where in an ONNX file something is wrong. */
export interface OnnxPlace {
  /** The node's name, or that of its first output. */
  node?: string;
  /** The node's operator, such as 'Conv'. */
  operator?: string;
}

/** An ONNX file cannot be read, or onnxruntime cannot run it. */
export class OnnxError extends PiecewiseError {
  /** The node that is to blame, by its name or that of its first output; undefined if it is no single node. */
  readonly node: string | undefined;
  /** The operator of that node. */
  readonly operator: string | undefined;

  /**
   * @param file the path of the file; 'the given bytes' for a model from memory
   * @param reason what is wrong, and what to do about it, in whole sentences without the last full stop
   */
  constructor(
    readonly file: string,
    readonly reason: string,
    { node, operator }: OnnxPlace = {},
    options?: ErrorOptions,
  ) {
    const place =
      node === undefined ? '' : `, node '${node}'${operator === undefined ? '' : ` (${operator})`}`;
    super(`loadOnnx: ${file}${place}: ${reason}.`, options);
    this.node = node;
    this.operator = operator;
  }
}
