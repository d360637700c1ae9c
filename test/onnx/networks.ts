import * as tf from '@tensorflow/tfjs';
import { loadOnnx, type OnnxOptions } from '../../kernel-ext/src/onnx-file/load-onnx';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { DataType, floats, graph, integers, model, node, value } from '../onnx-file/small-model';

/** Numbers that look random, the same each time. */
export const numbers = (size: number, seed: number): number[] => [
  ...tf.randomNormal([size], 0, 1, 'float32', seed).dataSync<'float32'>(),
];

const NAMED = (name: string) => ({ name });

/** Convolution, ReLU, pooling and a dense layer on images [2, 6, 6], with a softmax at the end. */
export const cnn = (batch: number | 'N' = 'N'): Promise<OnnxModel> => loadOnnx(cnnBytes(batch));

/** Its file, which may also end at the pooling. */
export function cnnBytes(batch: number | 'N', output: 'classes' | 'p' = 'classes'): Uint8Array {
  const nodes = [
    node('Conv', ['image', 'w0', 'b0'], ['c'], { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }, NAMED('conv')),
    node('Relu', ['c'], ['r'], {}, NAMED('relu')),
    node('MaxPool', ['r'], ['p'], { kernel_shape: [2, 2], strides: [2, 2] }, NAMED('pool')),
    node('Flatten', ['p'], ['f'], { axis: 1 }, NAMED('flat')),
    node('Gemm', ['f', 'w1', 'b1'], ['logits'], {}, NAMED('fc')),
    node('Softmax', ['logits'], ['classes'], { axis: -1 }, NAMED('softmax')),
  ];
  const weights = [
    floats('w0', [4, 2, 3, 3], numbers(72, 1)),
    floats('b0', [4], numbers(4, 2)),
    floats('w1', [36, 3], numbers(108, 3)),
    floats('b1', [3], numbers(3, 4)),
  ];
  const inputs = [value('image', [batch, 2, 6, 6])];
  const outputs = [value(output, output === 'classes' ? [batch, 3] : [batch, 4, 3, 3])];
  return model(graph({ nodes, weights, inputs, outputs }));
}

/** Two dense layers with a ReLU between them, 4 → 6 → 2. */
export const mlp = (): Promise<OnnxModel> => loadOnnx(mlpBytes());

export function mlpBytes(): Uint8Array {
  const nodes = [
    node('Gemm', ['x', 'w0', 'b0'], ['h'], {}, NAMED('hidden')),
    node('Relu', ['h'], ['r'], {}, NAMED('relu')),
    node('Gemm', ['r', 'w1', 'b1'], ['y'], {}, NAMED('classes')),
  ];
  const weights = [
    floats('w0', [4, 6], numbers(24, 5)),
    floats('b0', [6], numbers(6, 6)),
    floats('w1', [6, 2], numbers(12, 7)),
    floats('b1', [2], numbers(2, 8)),
  ];
  return model(graph({ nodes, weights, inputs: [value('x', ['N', 4])], outputs: [value('y', ['N', 2])] }));
}

/** sound · w + state, times an integer rate that is held; the state has no axis of instances, and may be missing. */
export function sound(hasState = true): Promise<OnnxModel> {
  const nodes = [
    node('MatMul', ['sound', 'w'], ['m']),
    hasState ? node('Add', ['m', 'state'], ['sum']) : node('Relu', ['m'], ['sum']),
    node('Cast', ['rate'], ['factor'], { to: DataType.FLOAT }),
    node('Mul', ['sum', 'factor'], ['y'], {}, NAMED('rated')),
  ];
  const state = hasState ? [value('state', [2])] : [];
  const inputs = [value('sound', ['N', 3]), ...state, value('rate', [], DataType.INT64)];
  const weights = [floats('w', [3, 2], [1, 2, 3, 4, 5, 6])];
  return loadOnnx(model(graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] })));
}

/** A dense layer on images [2, 4, 3], which no convolution reads. */
export function flat(options: OnnxOptions = {}): Promise<OnnxModel> {
  const nodes = [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['y'])];
  const weights = [floats('w', [24, 2], numbers(48, 10))];
  const inputs = [value('x', ['N', 2, 4, 3])];
  return loadOnnx(model(graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] })), options);
}

/** The table of `reader`, 5 words of 2 numbers. */
export const TABLE = numbers(10, 9);

/** The sum of the embeddings of words, each times itself, as a text reader of token ids. */
export function reader(): Promise<OnnxModel> {
  const nodes = [
    node('Gather', ['table', 'ids'], ['words'], {}, NAMED('embedding')),
    node('Mul', ['words', 'three'], ['scaled'], {}, NAMED('scale')),
    node('ReduceSum', ['scaled', 'axes'], ['y'], { keepdims: 0 }, NAMED('sum')),
  ];
  const weights = [floats('table', [5, 2], TABLE), floats('three', [], [3]), integers('axes', [1])];
  const inputs = [value('ids', ['N', 'words'], DataType.INT64)];
  return loadOnnx(model(graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] })));
}

/** The same words by a one-hot, which compares the ids with 0, 1, …, and a product with the table. */
export function oneHotReader(): Promise<OnnxModel> {
  const nodes = [
    node('Unsqueeze', ['ids', 'last'], ['column'], {}, NAMED('column')),
    node('Equal', ['column', 'all'], ['same'], {}, NAMED('equal')),
    node('Cast', ['same'], ['hot'], { to: DataType.FLOAT }, NAMED('one-hot')),
    node('MatMul', ['hot', 'table'], ['words'], {}, NAMED('embedding')),
    node('ReduceSum', ['words', 'axes'], ['y'], { keepdims: 0 }, NAMED('sum')),
  ];
  const weights = [
    floats('table', [5, 2], TABLE),
    ...[integers('last', [2]), integers('all', [0, 1, 2, 3, 4]), integers('axes', [1])],
  ];
  const inputs = [value('ids', ['N', 'words'], DataType.INT64)];
  return loadOnnx(model(graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] })));
}

/** The words of texts, [3, 2] numbers each, of which an integer mask [3] chooses some: their positive parts are summed and mixed. */
export function masked(): Promise<OnnxModel> {
  const nodes = [
    node('Cast', ['mask'], ['ones'], { to: DataType.FLOAT }),
    node('Unsqueeze', ['ones', 'last'], ['column']),
    node('Mul', ['words', 'column'], ['kept'], {}, NAMED('kept')),
    node('Relu', ['kept'], ['positive'], {}, NAMED('relu')),
    node('ReduceSum', ['positive', 'first'], ['sum'], { keepdims: 0 }),
    node('MatMul', ['sum', 'w'], ['y'], {}, NAMED('mixed')),
  ];
  const weights = [integers('last', [-1]), integers('first', [1]), floats('w', [2, 2], [1, 2, -3, 4])];
  const inputs = [value('words', ['N', 3, 2]), value('mask', ['N', 3], DataType.INT64)];
  return loadOnnx(model(graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] })));
}
