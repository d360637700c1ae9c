import type * as TF from '@tensorflow/tfjs';
import { numbers, type Case } from '../case';

export const dense: Case[] = [
  {
    kernel: 'BatchMatMul',
    name: 'x·B',
    shape: [3, 5],
    build: tf => {
      const b = numbers(tf, [5, 4]);
      return x => tf.matMul(x as TF.Tensor2D, b as TF.Tensor2D);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'x·Bᵀ',
    shape: [3, 5],
    build: tf => {
      const b = numbers(tf, [4, 5]);
      return x => tf.matMul(x as TF.Tensor2D, b as TF.Tensor2D, false, true);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'A·x for a batch of matrices',
    shape: [2, 5, 4],
    build: tf => {
      const a = numbers(tf, [1, 3, 5]);
      return x => tf.matMul(a as TF.Tensor3D, x as TF.Tensor3D);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'A·xᵀ',
    shape: [3, 5],
    build: tf => {
      const a = numbers(tf, [2, 5]);
      return x => tf.matMul(a as TF.Tensor2D, x as TF.Tensor2D, false, true);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'xᵀ·B',
    shape: [5, 3],
    build: tf => {
      const b = numbers(tf, [5, 4]);
      return x => tf.matMul(x as TF.Tensor2D, b as TF.Tensor2D, true);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'a constant matrix for each member of the batch',
    shape: [2, 3, 5],
    build: tf => {
      const b = numbers(tf, [2, 5, 4]);
      return x => tf.matMul(x, b);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'x copied to a batch of constant matrices',
    shape: [1, 3, 5],
    noGradient: 'the gradient of BatchMatMul in TensorFlow.js does not know broadcasting',
    build: tf => {
      const b = numbers(tf, [2, 5, 4]);
      return x => tf.matMul(x, b);
    },
  },
  ...[false, true].map(transpose => ({
    kernel: 'BatchMatMul',
    name: `of two activations${transpose ? ', the second transposed' : ''}`,
    shape: [2, 3, 3],
    smooth: true,
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.matMul(x, x.mul(0.7).add(0.2), false, transpose),
  })),
  {
    kernel: 'Softmax',
    name: 'attention of two heads',
    shape: [2, 4, 3],
    smooth: true,
    build: tf => {
      const [q, k, v] = [1, 2, 3].map(seed => numbers(tf, [1, 3, 3], seed));
      return x => {
        const scores = tf.matMul(
          tf.matMul(x, q.tile([2, 1, 1])),
          tf.matMul(x, k.tile([2, 1, 1])),
          false,
          true,
        );
        return tf.matMul(tf.softmax(scores.div(Math.sqrt(3))), tf.matMul(x, v.tile([2, 1, 1])));
      };
    },
  },
  ...(
    [
      ['bij,jk->bik', [5, 4], false],
      ['bij,bjk->bik', [2, 5, 4], false],
      ['bij,kj->kbi', [4, 5], false],
      ['bij,j->bi', [5], false],
      ['bij->jb', null, false],
      ['bij,bkj->bik', null, true],
    ] as [string, number[] | null, boolean][]
  ).map(([equation, shape, smooth]) => ({
    kernel: 'Einsum',
    name: equation,
    shape: [2, 3, 5],
    smooth,
    // The WebAssembly backend has no Einsum.
    onlyOn: ['tensorflow', 'cpu'] as const,
    noGradient: 'TensorFlow.js has no gradient of Einsum',
    build: (tf: typeof TF) => {
      const b = shape === null ? null : numbers(tf, shape);
      return (x: TF.Tensor) => {
        const operands = b !== null ? [x, b] : smooth ? [x, x.mul(0.5)] : [x];
        return tf.einsum(equation, ...operands);
      };
    },
  })),
  ...(['elu', 'sigmoid'] as const).map(activation => ({
    kernel: '_FusedMatMul',
    name: `x·B + bias, ${activation}`,
    shape: [3, 5],
    smooth: true,
    build: (tf: typeof TF) => {
      const b = numbers(tf, [5, 4], 4) as TF.Tensor2D;
      const bias = numbers(tf, [4], 2);
      return (x: TF.Tensor) => tf.fused.matMul({ a: x as TF.Tensor2D, b, bias, activation });
    },
  })),
  ...(['linear', 'relu', 'relu6'] as const).map(activation => ({
    kernel: '_FusedMatMul',
    name: `x·B + bias, ${activation}`,
    shape: [3, 5],
    build: (tf: typeof TF) => {
      const b = numbers(tf, [5, 4], 4) as TF.Tensor2D;
      const bias = numbers(tf, [4], 2);
      return (x: TF.Tensor) => tf.fused.matMul({ a: x as TF.Tensor2D, b, bias, activation });
    },
  })),
];
