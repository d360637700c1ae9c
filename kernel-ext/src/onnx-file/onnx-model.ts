import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import { InputNamesError, OnnxError } from '../errors';
import { readInput } from './read-input';
import { fromOnnx, toOnnx } from './numbers';
import type { Layout, Normalization } from './normalization';
import type { OnnxFile } from './onnx-file';
import type { OnnxValueInfo } from './value-info';

/** Inputs of an ONNX model by name. */
export type OnnxInputs = Readonly<Record<string, Tensor | TensorLike>>;

/** What an ONNX model is made of. */
export interface OnnxParts {
  readonly file: OnnxFile;
  /** The affine step in front of the network; null without one. */
  readonly normalization: Normalization | null;
  /** Where the channels of images are, if the caller told it. */
  readonly layout: Layout | undefined;
}

/** What a model is made of. */
export let partsOf: (model: OnnxModel) => OnnxParts;

/**
 * A model from an ONNX file, as `loadOnnx` reads it. onnxruntime computes it.
 *
 * @example
 * const model = await loadOnnx('model.onnx');
 * model.inputs;                     // [{ name: 'image', type: 'float32', shape: ['N', 3, 224, 224] }]
 * const { logits } = await model.run(x);
 */
export class OnnxModel {
  readonly #parts: OnnxParts;
  #isDisposed = false;

  static {
    partsOf = model => model.#parts;
  }

  /** @internal */
  constructor(
    /** What the model takes. Weights that an old file lists as inputs are not among them. */
    readonly inputs: readonly OnnxValueInfo[],
    /** What the model gives. */
    readonly outputs: readonly OnnxValueInfo[],
    parts: OnnxParts,
  ) {
    this.#parts = parts;
  }

  /** Whether `dispose()` has been called. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /**
   * What onnxruntime computes from the file.
   *
   * @param x the model's only input, or all inputs by name, in the shapes that `inputs` gives; one instance without its batch axis
   *   is taken as a batch of one. An input that is normalized takes what `loadOnnx` was told to normalize.
   * @returns the outputs by name, which the caller disposes: texts as strings, integers as int32, all else as float32.
   * @throws OnnxError, InputNamesError, and as `linearize` for what are no numbers
   */
  async run(x: Tensor | TensorLike | OnnxInputs): Promise<Record<string, Tensor>> {
    const { file, normalization } = this.#parts;
    const given = this.byName(x);
    const names = this.inputs.map(({ name }) => name);
    if (names.some(name => !Object.hasOwn(given, name)) || Object.keys(given).length !== names.length)
      throw new InputNamesError(names, Object.keys(given));
    const axes = new Map<string, { length: number; input: string }>();
    const feeds: Record<string, OnnxTensor> = {};
    for (const input of this.inputs) {
      const { numbers, shape } = await readInput(given[input.name], input, axes, file.name);
      const fed = normalization?.input === input.name ? normalization.apply(numbers, shape).shifted : numbers;
      feeds[input.name] = await toOnnx(input.type, fed, shape);
    }
    const results = await file.run(file.whole(), feeds, [...file.results.values()]);
    return Object.fromEntries([...file.results].map(([name, value]) => [name, tensorOf(results[value])]));
  }

  /** Frees what onnxruntime holds, as soon as its runs have ended. */
  dispose(): void {
    this.#isDisposed = true;
    this.#parts.file.release();
  }

  private byName(x: Tensor | TensorLike | OnnxInputs): OnnxInputs {
    const { file } = this.#parts;
    if (this.#isDisposed) throw new OnnxError(file.name, 'the model has been disposed of. Load it again');
    const isNamed =
      typeof x === 'object' &&
      x !== null &&
      !Array.isArray(x) &&
      !ArrayBuffer.isView(x) &&
      !(x instanceof tf.Tensor);
    if (isNamed) return x as OnnxInputs;
    const [first] = this.inputs;
    return first === undefined ? {} : { [first.name]: x as Tensor };
  }
}

const INT32 = 2 ** 31;

/** An output as a tensor of TensorFlow.js, which has no larger integers than int32. */
function tensorOf(result: OnnxTensor): Tensor {
  const shape = [...result.dims];
  const numbers = fromOnnx(result);
  if (numbers === null) return tf.tensor(result.data as unknown as string[], shape, 'string');
  const { integers, values, type } = numbers;
  if (type === 'bool') return tf.tensor(Uint8Array.from(integers!), shape, 'bool');
  if (integers?.every(value => value >= -INT32 && value < INT32) === true)
    return tf.tensor(Int32Array.from(integers), shape, 'int32');
  return tf.tensor(values, shape, 'float32');
}
