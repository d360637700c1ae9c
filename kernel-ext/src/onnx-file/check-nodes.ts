import { OnnxError } from '../errors';
import { attributeOf, graphsOf, labelOf } from './graph';
import {
  type AttributeProto,
  AttributeProto_AttributeType as Type,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  TensorProto_DataType,
  type TensorProto,
} from './onnx_pb';

/** An axis of as many float32 takes 1 GiB. */
const LONGEST = 2n ** 28n;

/** Attributes of axes and lengths. onnxruntime keeps many of them in 32 bits and drops the rest of a larger number. */
const GEOMETRY = new Set([
  ...['axis', 'axes', 'batch_axis', 'time_axis', 'batch_dims', 'perm', 'split', 'num_outputs', 'shape'],
  ...['kernel_shape', 'strides', 'dilations', 'pads', 'output_padding', 'output_shape', 'storage_order'],
  ...['group', 'blocksize', 'hidden_size', 'k', 'height_scale', 'width_scale', 'num_scan_inputs'],
]);

/** Attributes by which onnxruntime divides; where they are 0, it ends the process. */
const DIVISORS = new Set(['num_heads', 'q_num_heads', 'kv_num_heads', 'group', 'num_groups']);

/** Inputs by which onnxruntime divides: the step and the length of the frames. */
const DIVIDING_INPUTS: ReadonlyMap<string, readonly number[]> = new Map([['STFT', [1, 3]]]);

/**
 * Which input of an operator holds lengths or a number of repetitions, and the largest product of them that is not a mistake. With larger
 * ones, onnxruntime computes for hours, or takes all memory, while it loads a model. Each length of padding counts by itself.
 */
const LENGTHS: ReadonlyMap<string, readonly [input: number, most: bigint]> = new Map([
  ['Reshape', [1, 2n ** 31n]],
  ['Expand', [1, 2n ** 28n]],
  ['ConstantOfShape', [0, 2n ** 28n]],
  ['Resize', [3, 2n ** 28n]],
  ['Tile', [1, 2n ** 24n]],
  ['Pad', [1, 2n ** 20n]],
  ['OneHot', [1, 2n ** 24n]],
  ['Loop', [0, 2n ** 24n]],
]);

/**
 * Compares the lengths of axes in attributes and constants with what a machine can hold, before onnxruntime computes with them.
 * @param nodes with the functions of the model written out, so that attributes that refer to those of a call have their values
 * @param functions those of the model, whose calls in inner graphs are not written out
 * @throws OnnxError, which names the node
 */
export function checkNodes(
  nodes: readonly NodeProto[],
  weights: readonly TensorProto[],
  functions: readonly FunctionProto[],
  file: string,
): void {
  checkList(nodes, byName(weights), file);
  for (const { node } of functions) checkList(node, new Map(), file);
}

/** The whole numbers of each constant, which are read where they are needed. */
type Constants = ReadonlyMap<string, () => readonly bigint[]>;

const byName = (weights: readonly TensorProto[]): Constants =>
  new Map(weights.map(weight => [weight.name, () => wholeNumbers(weight)] as const));

const checkGraph = (graph: GraphProto, outer: Constants, file: string): void =>
  checkList(graph.node, new Map([...outer, ...byName(graph.initializer)]), file);

function checkList(nodes: readonly NodeProto[], outer: Constants, file: string): void {
  const constants = new Map([...outer, ...nodes.flatMap(constantOf)]);
  for (const node of nodes) {
    const written = node.attribute.filter(({ refAttrName }) => refAttrName === '');
    written.forEach(attribute => checkGeometry(attribute, node, file));
    checkLengths(node, constants, file);
    checkDivisors(node, constants, file);
    for (const inner of graphsOf(node)) checkGraph(inner, constants, file);
  }
}

function constantOf({ opType, output, attribute }: NodeProto): [string, () => readonly bigint[]][] {
  if (opType !== 'Constant' || attribute.length === 0) return [];
  const [{ name, t, i, ints }] = attribute;
  if (t !== undefined) return [[output[0], () => wholeNumbers(t)]];
  return name === 'value_int' || name === 'value_ints'
    ? [[output[0], () => (name === 'value_int' ? [i] : ints)]]
    : [];
}

function checkGeometry({ name, type, i, ints }: AttributeProto, node: NodeProto, file: string): void {
  const values = type === Type.INTS ? ints : [i];
  const [least, most] = name === 'num_scan_inputs' ? [1n, BigInt(node.input.length)] : [-LONGEST, LONGEST];
  const wrong = GEOMETRY.has(name) && values.find(value => value > most || value < least);
  if (typeof wrong === 'bigint')
    throw refused(
      file,
      node,
      `its attribute '${name}' is ${wrong}, which is not between ${least} and ${most}`,
    );
  const divisor = DIVISORS.has(name) && values.find(value => value < 1n || value > LONGEST);
  if (typeof divisor === 'bigint')
    throw refused(file, node, `its attribute '${name}' is ${divisor}, ${NO_DIVISOR}`);
}

function checkDivisors(node: NodeProto, constants: Constants, file: string): void {
  for (const index of DIVIDING_INPUTS.get(node.opType) ?? []) {
    const numbers = constants.get(node.input[index] ?? '')?.() ?? [];
    const wrong = numbers.find(value => value < 1n || value > LONGEST);
    if (wrong !== undefined)
      throw refused(file, node, `its input '${node.input[index]}' is ${wrong}, ${NO_DIVISOR}`);
  }
}

function checkLengths(node: NodeProto, constants: Constants, file: string): void {
  const [input, most] = LENGTHS.get(node.opType) ?? [-1, 0n];
  const name = node.input[input];
  const lengths = (name === undefined ? undefined : constants.get(name)?.()) ?? [];
  // PyTorch writes the largest int64 for `while`.
  if (lengths.length === 0 || (node.opType === 'Loop' && decidesWhenItEnds(node))) return;
  const product = lengths.reduce((total, length) => (length > 1n ? total * length : total), 1n);
  const largest = lengths.reduce((longest, length) => (length > longest ? length : longest), 0n);
  if (largest > LONGEST || (node.opType === 'Pad' ? largest : product) > most)
    throw refused(file, node, `its input '${name}' asks for ${shown(node, lengths)}, ${TOO_LARGE}`);
}

/** Whether the body of a loop computes the condition that ends it, rather than handing on the one that it gets. */
function decidesWhenItEnds(loop: NodeProto): boolean {
  const body = attributeOf(loop, 'body')?.g;
  const condition = body?.output[0]?.name;
  const source = body?.node.find(({ output }) => output.includes(condition ?? ''));
  return source !== undefined && source.opType !== 'Identity' && source.opType !== 'Constant';
}

const shown = ({ opType }: NodeProto, lengths: readonly bigint[]) =>
  opType === 'Loop'
    ? `${lengths[0]} iterations`
    : `the lengths [${lengths.slice(0, 8).join(', ')}${lengths.length > 8 ? ', …' : ''}]`;

const TOO_LARGE = 'which is more than a machine can handle';
const NO_DIVISOR = `which is not between 1 and ${LONGEST}`;

const refused = (file: string, node: NodeProto, what: string) =>
  new OnnxError(file, `${what}. The file is damaged: copy or export it again`, {
    node: labelOf(node),
    operator: node.opType,
  });

/** The numbers of a weight of int64 or int32 that is in the file itself. */
function wholeNumbers({ dataType, rawData, int64Data, int32Data }: TensorProto): readonly bigint[] {
  const bytes = dataType === TensorProto_DataType.INT64 ? 8 : dataType === TensorProto_DataType.INT32 ? 4 : 0;
  if (bytes === 0) return [];
  if (rawData.length === 0) return bytes === 8 ? int64Data : int32Data.map(BigInt);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.length);
  return Array.from({ length: Math.floor(rawData.length / bytes) }, (_, i) =>
    bytes === 8 ? view.getBigInt64(8 * i, true) : BigInt(view.getInt32(4 * i, true)),
  );
}
