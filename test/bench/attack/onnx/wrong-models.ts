/** ONNX models that nobody exports, each wrong in one way. All are small: what they claim is not there. */
import { create } from '@bufbuild/protobuf';
import {
  FunctionProtoSchema,
  type GraphProto,
  type NodeProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
} from '../../../../kernel-ext/src/onnx-file/onnx_pb';
import { DataType, floats, graph, integers, model, node, value } from '../../../onnx-file/small-model';

const x = value('x', ['N', 2]);
const y = value('y', ['N', 2]);
const W = (changes: Partial<TensorProto> = {}) => Object.assign(floats('w', [2, 2], [1, 2, 3, 4]), changes);
const product = node('MatMul', ['x', 'w'], ['y'], {}, { name: 'product' });

const of = (nodes: NodeProto[], weights = [W()], inputs = [x], outputs = [y]): GraphProto =>
  graph({ nodes, weights, inputs, outputs });

const relu = (from: string, to: string) => node('Relu', [from], [to]);

const OPSETS = [
  create(OperatorSetIdProtoSchema, { domain: '', version: 17n }),
  create(OperatorSetIdProtoSchema, { domain: 'own', version: 1n }),
];

/** Functions of which each calls the next one twice: 2^depth nodes. */
function doubling(depth: number): Uint8Array {
  const functions = Array.from({ length: depth }, (_, i) =>
    create(FunctionProtoSchema, {
      name: `f${i}`,
      domain: 'own',
      input: ['a'],
      output: ['c'],
      opsetImport: OPSETS,
      node: [
        ['a', 'b'],
        ['b', 'c'],
      ].map(([from, to]) =>
        i === depth - 1 ? relu(from, to) : node(`f${i + 1}`, [from], [to], {}, { domain: 'own' }),
      ),
    }),
  );
  const call = node('f0', ['x'], ['y'], {}, { domain: 'own', name: 'bomb' });
  return model(of([call], []), { functions, opsetImport: OPSETS });
}

/** Graphs within graphs. */
function nested(depth: number): Uint8Array {
  let inner = graph({ nodes: [relu('x', 'z')], outputs: [value('z', ['N', 2])] });
  for (let i = 0; i < depth; i++)
    inner = graph({
      nodes: [node('If', ['c'], ['z'], { then_branch: inner })],
      outputs: [value('z', ['N', 2])],
    });
  const last = node('If', ['c'], ['y'], { then_branch: inner }, { name: 'nested' });
  return model(of([last], [integers('c', [1], [])]));
}

const shaped = (operator: string, inputs: string[], lengths: bigint[]) =>
  model(of([node(operator, inputs, ['y'], {}, { name: 'shaped' })], [integers('lengths', lengths)]));

/** What each model is, and its bytes. */
export function wrongModels(): [name: string, bytes: Uint8Array][] {
  const one = (weight: TensorProto) => model(of([product], [weight]));
  const huge = [10n ** 6n, 10n ** 6n];
  return [
    ['10¹² numbers, none there', one(W({ dims: huge, rawData: new Uint8Array() }))],
    ['10¹² numbers, 16 bytes there', one(W({ dims: huge }))],
    ['2¹²⁴ numbers', one(W({ dims: [2n ** 62n, 2n ** 62n], rawData: new Uint8Array() }))],
    ['negative lengths', one(W({ dims: [-2n, -2n] }))],
    ['100,000 axes', one(W({ dims: Array<bigint>(1e5).fill(1n) }))],
    ['raw data too short', one(W({ rawData: new Uint8Array(15) }))],
    ['raw data too long', one(W({ rawData: new Uint8Array(17) }))],
    ['integers for floats', one(W({ dataType: DataType.INT32 }))],
    ['texts for floats', one(W({ dataType: DataType.STRING }))],
    ['no data type', one(W({ dataType: DataType.UNDEFINED }))],
    ['data type 99', one(W({ dataType: 99 }))],
    ['complex numbers', one(W({ dataType: DataType.COMPLEX64, dims: [2n, 1n] }))],
    ['two weights of one name', model(of([product], [W(), W({ dims: [4n, 1n] })]))],
    ['two nodes that give one value', model(of([product, product]))],
    ['two inputs of one name', model(of([product], [W()], [x, value('x', ['N', 3])]))],
    ['two outputs of one name', model(of([product], [W()], [x], [y, y]))],
    ['no output', model(of([product], [W()], [x], []))],
    ['no input', model(of([product], [W()], []))],
    ['no node', model(of([]))],
    ['a node without an operator', model(of([node('', ['x'], ['y'])]))],
    ['a node without an output', model(of([product, node('Relu', ['x'], [])]))],
    ['a circle of three', model(of([relu('c', 'a'), relu('a', 'b'), relu('b', 'c'), relu('c', 'y')]))],
    ['a node that reads itself', model(of([relu('y', 'y')]))],
    ['32 functions that call the next one twice', doubling(32)],
    ['a function that calls itself', doubling(40)],
    ['graphs within graphs', nested(60)],
    ['an axis of length 0', model(of([product], [W()], [value('x', [0, 2])]))],
    ['an input of 10¹² numbers', model(of([product], [W()], [value('x', [10 ** 12, 2])]))],
    ['a shape of 2⁶²', shaped('Reshape', ['x', 'lengths'], [2n ** 62n, 2n])],
    ['an expansion to 10¹²', shaped('Expand', ['x', 'lengths'], huge)],
    ['10¹² copies', shaped('Tile', ['x', 'lengths'], huge)],
    ['a constant of 10¹²', shaped('ConstantOfShape', ['lengths'], huge)],
    ['padding of 10¹²', shaped('Pad', ['x', 'lengths'], [0n, 10n ** 12n, 0n, 10n ** 12n])],
    ['a range of 10¹²', model(of([node('Range', ['zero', 'end', 'step'], ['r']), node('Gather', ['r', 'i'], ['g']), node('Cast', ['g'], ['h'], { to: DataType.FLOAT }), node('Add', ['x', 'h'], ['y'])], [integers('zero', [0], []), integers('end', [10n ** 12n], []), integers('step', [1], []), integers('i', [0], [])]))], // prettier-ignore
  ];
}
