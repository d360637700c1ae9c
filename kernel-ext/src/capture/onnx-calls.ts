import { attributeOf, type OnnxGraph, type OnnxNode } from '../onnx-file/graph';
import { layerNames } from '../onnx-file/layer-names';
import { isFloat } from '../onnx-file/numbers';
import type { AttributeProto } from '../onnx-file/onnx_pb';
import { AttributeProto_AttributeType as Type } from '../onnx-file/onnx_pb';
import type { OnnxFile } from '../onnx-file/onnx-file';
import { readsOf } from '../onnx-file/reads-of';
import { typeNumber } from '../onnx-file/value-info';
import type { KernelCall, Ref } from './kernel-call';
import type { Activity } from './onnx-activity';
import { keyOfName } from './onnx-feed';
import type { Observation } from './onnx-observation';

/** The calls of a graph's moving nodes. */
export interface OnnxCalls {
  calls: KernelCall[];
  /** The values that nodes hand on unchanged, by their layers' names. */
  handedOn: ReadonlyMap<string, number>;
  /** The number of a value that moves, by its name. */
  valueOf(name: string): number;
}

/** Writes the moving nodes of a graph as calls; those that hand on what they get are left out. */
export function callsOf(
  file: OnnxFile,
  graph: OnnxGraph,
  { values, nodes }: Activity,
  { shapes, types, constants }: Observation,
  first: number,
): OnnxCalls {
  const names = layerNames(graph.nodes);
  const origins = new Map<string, string>();
  const valueOf = (name: string) => file.valueOf(keyOfName(origins.get(name) ?? name));
  const shapeOf = (name: string) => shapes.get(name) ?? [];
  const handedOn = new Map<string, number>();
  const calls: KernelCall[] = [];
  const ref = (name: string): Ref =>
    values.has(name) ? { value: valueOf(name), shape: shapeOf(name) } : constants.get(name)!;
  const write = (node: OnnxNode, ordinal: number) => {
    const { opType, input, output, attribute } = node.proto;
    const layer = names.get(node)!;
    if (handsOn(node, types, constants)) {
      origins.set(output[0], origins.get(input[0]) ?? input[0]);
      handedOn.set(layer, valueOf(output[0]));
      return;
    }
    // What only the graphs inside a node read comes after its inputs.
    const inside = [...readsOf(node.proto)].filter(name => !input.includes(name) && values.has(name));
    const refs = [...input, ...inside].flatMap((name, i) =>
      name === '' ? [] : [[String(i), ref(name)] as const],
    );
    calls.push({
      kernel: opType,
      opset: node.opset,
      layer,
      ordinal: first + ordinal,
      inputs: Object.fromEntries(refs),
      attrs: { ...Object.fromEntries(attribute.flatMap(one => attributeEntry(one))), ...castOf(node, types) },
      outputs: output.map((name, i) =>
        name === ''
          ? { value: file.valueOf(`output ${i} of ${ordinal}`), shape: [] }
          : { value: valueOf(name), shape: shapeOf(name) },
      ),
    });
  };
  graph.nodes.forEach((node, i) => {
    if (nodes.has(node)) write(node, i);
  });
  return { calls, handedOn, valueOf };
}

/** Whether a node gives what it gets: an Identity, a dropout in inference, a cast between types of floats. */
function handsOn(node: OnnxNode, types: Observation['types'], constants: Observation['constants']): boolean {
  const { opset, proto } = node;
  if (opset.domain !== '') return false;
  const { opType, input } = proto;
  if (opType === 'Identity') return true;
  if (opType === 'Dropout') return !isLeftOn(node, constants);
  if (opType !== 'Cast' && opType !== 'CastLike') return false;
  return [input[0], proto.output[0]].every(name => isFloat(types.get(name) ?? ''));
}

/** What a CastLike casts to, as the attribute of a Cast. */
function castOf({ proto, opset }: OnnxNode, types: Observation['types']): { to?: number } {
  if (proto.opType !== 'CastLike' || opset.domain !== '') return {};
  return { to: typeNumber(types.get(proto.output[0]) ?? 'float32') };
}

/** Operators that draw random numbers. */
const RANDOM = new Set([
  ...['RandomNormal', 'RandomUniform', 'RandomNormalLike', 'RandomUniformLike', 'Multinomial', 'Bernoulli'],
]);

/** The names of the nodes that draw random numbers. */
export const randomNodes = ({ nodes }: OnnxGraph, { constants }: Observation): string[] =>
  nodes.filter(node => RANDOM.has(node.proto.opType) || isLeftOn(node, constants)).map(({ label }) => label);

/** Whether a node is a dropout that drops. */
function isLeftOn({ proto, opset }: OnnxNode, constants: Observation['constants']): boolean {
  if (proto.opType !== 'Dropout') return false;
  if (opset.version < 7) return attributeOf(proto, 'is_test')?.i !== 1n;
  const mode = constants.get(proto.input[2] ?? '');
  return mode !== undefined && 'values' in mode && mode.values[0] === 1;
}

/** An attribute by its name; graphs and tensors have none of the numbers that rules read. */
function attributeEntry({ name, type, f, i, s, floats, ints, strings }: AttributeProto): [string, unknown][] {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
  if (type === Type.FLOAT) return [[name, f]];
  if (type === Type.INT) return [[name, Number(i)]];
  if (type === Type.STRING) return [[name, text(s)]];
  if (type === Type.FLOATS) return [[name, floats]];
  if (type === Type.INTS) return [[name, ints.map(Number)]];
  if (type === Type.STRINGS) return [[name, strings.map(text)]];
  return [];
}
