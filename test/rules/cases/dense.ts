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
