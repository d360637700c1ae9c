import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OnnxError, OptionError } from '../errors';
import { checkOptions, oneOf, type OptionKinds } from '../errors/check-options';
import { checkNodes } from './check-nodes';
import { checkWeights } from './check-weights';
import { checkExternalData, type External } from './external-data';
import { type Layout, type Normalize, normalizationFor } from './normalization';
import { OnnxFile } from './onnx-file';
import { OnnxModel } from './onnx-model';
import type { ModelProto } from './onnx_pb';
import { readModel } from './read-model';
import { type OnnxValueInfo, valueInfoOf } from './value-info';

/** What a caller knows about an ONNX file beyond what it holds. */
export interface OnnxOptions {
  /** For a model from bytes: the files of its external data by the paths that the model gives them. */
  externalData?: Readonly<Record<string, Uint8Array>>;
  /**
   * What is done to the input before the network: (x · scale − mean) / std, with a mean and a deviation for each channel, or one for
   * all. It becomes part of F, so that W acts on the picture that a person sees. Default: nothing.
   */
  normalize?: Normalize;
  /** Where the channels of images are in the inputs. Default: as the first convolution or pooling reads them. */
  layout?: Layout;
}

const isNumbers = (value: unknown): boolean =>
  Number.isFinite(value) || (Array.isArray(value) && value.length > 0 && value.every(Number.isFinite));

const OPTIONS: OptionKinds = {
  externalData: {
    fits: value =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every(data => data instanceof Uint8Array),
    wanted: 'the bytes of each file by its name, such as {"model.onnx.data": bytes}',
  },
  normalize: {
    fits: value => {
      const { mean, std, scale = 1 } = (value ?? {}) as Partial<Normalize>;
      return isNumbers(mean) && isNumbers(std) && Number.isFinite(scale) && ![std].flat().includes(0);
    },
    wanted: 'numbers, such as { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1 / 255 }',
  },
  layout: oneOf('NCHW', 'NHWC'),
};

/** Messages of protobuf, the encoding of ONNX files, hold at most this many bytes. */
const LARGEST = 2 ** 31 - 1;

/**
 * Reads a model from an ONNX file, which onnxruntime runs. Whatever takes a model takes it: `linearize`, `compile`, `path`, …
 *
 * @param source the path of the file, beside which its external data is, or the bytes of the file.
 * @throws OnnxError, which names the file, and the node and operator if a node is to blame; OptionError
 *
 * @example
 * const model = await loadOnnx('model.onnx');
 * const lin = await linearize(model, x);       // F(x) = W·x + b of a PyTorch, Keras, JAX or scikit-learn model
 */
export async function loadOnnx(source: string | Uint8Array, options: OnnxOptions = {}): Promise<OnnxModel> {
  checkOptions('loadOnnx', options, OPTIONS);
  const { externalData = {}, normalize, layout } = options;
  const { name, bytes, folder } = await bytesOf(source);
  const external: External = { files: externalData, ...(folder === undefined ? {} : { folder }) };
  const model = readModel(bytes, name);
  checkWeights(model, name);
  await checkExternalData(model, external, name);
  const file = new OnnxFile(name, bytes, model, external);
  try {
    checkNodes(
      file.graph.nodes.map(({ proto }) => proto),
      model.graph!.initializer,
      model.functions,
      name,
    );
    const inputs = model
      .graph!.input.filter(({ name: value }) => file.graph.inputs.includes(value))
      .map(value => valueInfoOf(value, name));
    const outputs = await outputsOf(file, model);
    const normalization = normalize === undefined ? null : normalizationFor(inputs, normalize, layout);
    return new OnnxModel(inputs, outputs, { file, normalization, layout });
  } catch (error) {
    file.release();
    throw error;
  }
}

/** What the file gives, and where it does not tell types and shapes, as onnxruntime infers them. @throws OnnxError */
async function outputsOf(file: OnnxFile, model: ModelProto): Promise<OnnxValueInfo[]> {
  const { outputMetadata } = await file.typesOf(file.whole());
  const inferred = new Map(outputMetadata.map(value => [value.name, value]));
  return model.graph!.output.map(output => {
    const known = inferred.get(file.results.get(output.name)!);
    const stated = valueInfoOf(output, file.name);
    if (known?.isTensor !== true || output.type?.value.case === 'tensorType') return stated;
    return { name: output.name, type: known.type, shape: known.shape.map(length => length || '?') };
  });
}

/** @throws OnnxError, OptionError */
async function bytesOf(
  source: string | Uint8Array,
): Promise<{ name: string; bytes: Uint8Array; folder?: string }> {
  if (source instanceof Uint8Array) return { name: 'the given bytes', bytes: source };
  if (typeof source !== 'string')
    throw new OptionError('loadOnnx', 'the first argument', source, 'the path of an ONNX file, or its bytes');
  const path = source.replace(/^file:\/\//, '');
  try {
    const found = await stat(path);
    // A device or a pipe may never end.
    if (!found.isFile()) throw new OnnxError(source, 'it is not a file. Give the path of the .onnx file');
    const { size } = found;
    if (size > LARGEST)
      throw new OnnxError(
        source,
        `it takes ${size} bytes, and an ONNX file holds at most 2 GiB. Export it with external data`,
      );
    return { name: source, bytes: await readFile(path), folder: dirname(resolve(path)) };
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'there is no such file. Check its path' : `it cannot be read (${message})`;
    throw new OnnxError(source, reason, {}, { cause });
  }
}
