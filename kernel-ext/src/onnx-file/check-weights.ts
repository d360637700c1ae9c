import { OnnxError } from '../errors';
import { graphsOf } from './graph';
import {
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from './onnx_pb';

/** How many bits each type takes. Texts have no size of their own. */
const BITS: Partial<Record<TensorProto_DataType, number>> = {
  [TensorProto_DataType.FLOAT]: 32,
  [TensorProto_DataType.DOUBLE]: 64,
  [TensorProto_DataType.FLOAT16]: 16,
  [TensorProto_DataType.BFLOAT16]: 16,
  [TensorProto_DataType.INT64]: 64,
  [TensorProto_DataType.UINT64]: 64,
  [TensorProto_DataType.INT32]: 32,
  [TensorProto_DataType.UINT32]: 32,
  [TensorProto_DataType.INT16]: 16,
  [TensorProto_DataType.UINT16]: 16,
  [TensorProto_DataType.INT8]: 8,
  [TensorProto_DataType.UINT8]: 8,
  [TensorProto_DataType.BOOL]: 8,
  [TensorProto_DataType.INT4]: 4,
  [TensorProto_DataType.UINT4]: 4,
  [TensorProto_DataType.FLOAT8E4M3FN]: 8,
  [TensorProto_DataType.FLOAT8E4M3FNUZ]: 8,
  [TensorProto_DataType.FLOAT8E5M2]: 8,
  [TensorProto_DataType.FLOAT8E5M2FNUZ]: 8,
  [TensorProto_DataType.COMPLEX64]: 64,
  [TensorProto_DataType.COMPLEX128]: 128,
};

/** No network has tensors with more axes. */
const DEEPEST = 64;

export const isExternal = ({ dataLocation }: TensorProto): boolean =>
  dataLocation === TensorProto_DataLocation.EXTERNAL;

/** @throws OnnxError for a type that ONNX does not define */
function checkType({ name, dataType }: TensorProto, file: string): void {
  if (dataType === TensorProto_DataType.UNDEFINED || !(dataType in TensorProto_DataType))
    throw new OnnxError(
      file,
      `the weight '${name}' has the data type ${dataType}, which is unknown. The file is damaged or newer than this version of Piecewise`,
    );
}

/** How many bytes the numbers of a tensor take; null where its type has no size of its own. @throws OnnxError */
export function bytesOf({ name, dims, dataType }: TensorProto, file: string): bigint | null {
  if (dims.length > DEEPEST || dims.some(length => length < 0n))
    throw new OnnxError(
      file,
      `the weight '${name}' has the shape [${dims.slice(0, 8).join(', ')}${dims.length > 8 ? ', …' : ''}]. The file is damaged: ` +
        `copy or export it again`,
    );
  const bits = BITS[dataType as TensorProto_DataType];
  const count = dims.reduce((product, length) => product * length, 1n);
  return bits === undefined ? null : (count * BigInt(bits) + 7n) / 8n;
}

/** Checks the types of the weights of a file, and compares the sizes that they claim with the bytes that are in it. @throws OnnxError */
export function checkWeights(model: ModelProto, file: string): void {
  for (const tensor of tensorsOf(model)) {
    checkType(tensor, file);
    if (isExternal(tensor)) continue;
    const wanted = bytesOf(tensor, file);
    const { rawData, dims, name } = tensor;
    const count = dims.reduce((product, length) => product * length, 1n);
    const isWrong =
      rawData.length > 0 ? wanted !== null && wanted !== BigInt(rawData.length) : count > mostIn(tensor);
    if (isWrong)
      throw new OnnxError(
        file,
        `the weight '${name}' of shape [${dims.join(', ')}] has ${count} numbers, but ` +
          `${rawData.length || entriesIn(tensor)} ${rawData.length > 0 ? 'bytes' : 'numbers'} are there. The file is damaged: ` +
          `copy or export it again`,
      );
  }
}

/** How many entries a tensor has that does not keep its numbers as raw bytes. */
const entriesIn = (tensor: TensorProto): number =>
  tensor.floatData.length +
  tensor.int32Data.length +
  tensor.int64Data.length +
  tensor.doubleData.length +
  tensor.uint64Data.length +
  tensor.stringData.length;

/** How many numbers these can be: two of 4 bits may share an entry. */
const mostIn = (tensor: TensorProto): bigint => 2n * BigInt(entriesIn(tensor));

/** All tensors in a model: weights, and numbers in attributes. */
export function tensorsOf({ graph, functions }: ModelProto): TensorProto[] {
  return [...ofGraph(graph!), ...functions.flatMap(({ node }) => node.flatMap(ofNode))];
}

function ofGraph({ initializer, sparseInitializer, node }: GraphProto): TensorProto[] {
  const sparse = sparseInitializer.flatMap(({ values, indices }) => [values, indices]);
  return [...initializer, ...sparse, ...node.flatMap(ofNode)].filter(tensor => tensor !== undefined);
}

function ofNode(node: NodeProto): TensorProto[] {
  const own = node.attribute.flatMap(({ t, tensors, sparseTensor }) => [
    t,
    ...tensors,
    sparseTensor?.values,
    sparseTensor?.indices,
  ]);
  return [...own, ...graphsOf(node).flatMap(ofGraph)].filter(tensor => tensor !== undefined);
}
