import { onnx } from 'onnx-proto';
import type { Constant } from '../capture/kernel-call';
import { needed, type Node, type Op } from '../plan/graph';
import type { Part } from '../plan/simplify';
import type { ElementaryFunction } from '../rules/rule';
import { convolutionNode, isConvolution, type ConvolutionOp } from './onnx-convolution';
import { OnnxWriter } from './onnx-writer';

/** Opset 17 is in every onnxruntime since 1.12; nothing here needs a newer one. */
const OPSET = 17;
const IR_VERSION = 8;

/** How ONNX computes each operation of a plan: reads the names of its inputs, gives the name of its output. */
type Writers = Record<Exclude<Op, 'input' | 'constant' | GateOp | ConvolutionOp>, Writer>;
type Writer = (w: OnnxWriter, inputs: string[], node: Node) => string;

const writers: Writers = {
  add: (w, inputs) => w.node('Add', inputs),
  multiply: (w, inputs) => w.node('Mul', inputs),
  divide: (w, inputs) => w.node('Div', inputs),
  power: (w, inputs) => w.node('Pow', inputs),
  maximum: (w, inputs) => w.node('Max', inputs),
  oneMinus: (w, [a]) => w.node('Sub', [w.floats(Float32Array.of(1), []), a]),
  clip: (w, [a], { attrs: { low, high } }) =>
    low === 0 && high === Infinity
      ? w.node('Relu', [a])
      : w.node('Clip', [a, w.floats(Float32Array.of(low!), []), w.floats(Float32Array.of(high!), [])]),
  function: (w, [a], { attrs }) => w.node(functions[attrs.fn!], [a]),
  softmax: (w, [a]) => w.node('Softmax', [a], { axis: -1 }),
  matMul: (w, inputs, { attrs }) =>
    attrs.transposeB ? w.node('Gemm', inputs, { transB: 1 }) : w.node('MatMul', inputs),
  batchMatMul: (w, [a, b], { attrs, inputs }) => {
    const last = w.graph.shape(inputs[1]).length - 1;
    const perm = [...Array(last - 1).keys(), last, last - 1];
    return w.node('MatMul', [a, attrs.transposeB ? w.node('Transpose', [b], { perm }) : b]);
  },
  reshape: (w, [a], { shape }) => w.node('Reshape', [a, w.integers(shape)]),
  broadcast: (w, [a], { shape }) => w.node('Expand', [a, w.integers(shape)]),
  permute: (w, [a], { attrs }) => w.node('Transpose', [a], { perm: [...attrs.permutation!] }),
  pad: (w, [a], { attrs }) => {
    const [before, after] = [0, 1].map(side => attrs.paddings!.map(padding => padding[side]));
    return w.node('Pad', [a, w.integers([...before, ...after])]);
  },
  slice: (w, [a], { attrs, shape }) =>
    w.node('Slice', [a, w.integers(attrs.begin!), w.integers(attrs.begin!.map((b, i) => b + shape[i]))]),
  concat: (w, inputs, { attrs }) => w.node('Concat', inputs, { axis: attrs.axis! }),
  gather: (w, [a], { attrs }) => w.node('Gather', [a, w.integers(attrs.indices!)], { axis: attrs.axis! }),
  reduceSum: (w, [a], { attrs }) => w.node('ReduceSum', [a, w.integers(attrs.axes!)], { keepdims: 0 }),
};

const functions: Record<ElementaryFunction, string> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  erf: 'Erf',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  sin: 'Sin',
  cos: 'Cos',
  atan: 'Atan',
};

/** Operations that give gates: truth values, as long as nothing computes with them. */
type GateOp = 'greater' | 'firstMaximum';

const gateWriters: Record<GateOp, Writer> = {
  greater: (w, inputs) => w.node('Greater', inputs),
  firstMaximum: (w, [a], { attrs, shape }) => {
    const axis = attrs.axis!;
    const along = shape.map((d, i) => (i === axis ? d : 1));
    const positions = w.integers([...Array(shape[axis]).keys()], along);
    return w.node('Equal', [w.node('ArgMax', [a], { axis, keepdims: 1 }), positions]);
  },
};

/** Operations that give gates when all of their inputs are gates. */
const gatesOfGates: Partial<Record<Op, Writer>> = {
  oneMinus: (w, inputs) => w.node('Not', inputs),
  multiply: (w, inputs) => w.node('And', inputs),
  concat: (w, inputs, { attrs }) => w.node('Concat', inputs, { axis: attrs.axis! }),
  reshape: writers.reshape,
};

/** Writes a node of the plan and records the name under which it can be read. */
function write(w: OnnxWriter, id: number): void {
  const node = w.graph.nodes[id];
  const { op, inputs } = node;
  if (isConvolution(node)) return w.name(id, convolutionNode(w, node));
  const ofGates = inputs.every(input => w.isGate(input)) ? gatesOfGates[op] : undefined;
  if (ofGates !== undefined) {
    const gates = inputs.map(input => w.readGate(input));
    return w.gate(id, ofGates(w, gates, node));
  }
  const names = inputs.map(input => w.read(input));
  if (op === 'greater' || op === 'firstMaximum') return w.gate(id, gateWriters[op](w, names, node));
  w.name(id, writers[op as keyof Writers](w, names, node));
}

/** A standard ONNX model, and, by file name, the large constants that are stored beside it. */
export interface WrittenModel {
  bytes: Uint8Array;
  files: ReadonlyMap<string, Uint8Array>;
}

/**
 * A part of a plan as a standard ONNX model, which runs unchanged in any onnxruntime.
 *
 * @param apart whether large constants go into their own files (ONNX's external data), so that they need not be copied
 *   into the model.
 */
export function onnxModel({ graph, inputs, outputs }: Part, apart: boolean): WrittenModel {
  const numbers = (id: number) => numbersOf(graph.constants[graph.nodes[id].attrs.index!]);
  const w = new OnnxWriter(graph, numbers, apart);
  for (const [name, id] of Object.entries(inputs)) w.name(id, name);
  for (const id of needed(graph, new Set(Object.values(inputs)), Object.values(outputs))) {
    if (w.has(id)) continue;
    const node = graph.nodes[id];
    // A constant is written where something reads it, in the form that it wants.
    if (node.op === 'constant') continue;
    if (node.op === 'input')
      throw new Error(`the plan's input '${node.attrs.name}' has no name in the model`);
    write(w, id);
  }
  for (const [name, id] of Object.entries(outputs)) w.node('Identity', [w.read(id)], {}, name);
  const info = ([name, id]: [string, number]) => w.valueInfo(name, graph.shape(id));
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }],
    producerName: 'piecewise',
    graph: {
      name: 'linearization',
      node: w.nodes,
      initializer: w.initializers,
      input: Object.entries(inputs).map(info),
      output: Object.entries(outputs).map(info),
    },
  });
  return { bytes: onnx.ModelProto.encode(model).finish(), files: w.files };
}

/** The numbers of a constant, float32. */
export function numbersOf(constant: Constant): Float32Array {
  return 'values' in constant ? constant.values : Float32Array.from(constant.tensor.dataSync());
}
