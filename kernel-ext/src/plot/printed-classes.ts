import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { LabeledData } from '../data/labeled-data';

/** A class whose instances `console.log` prints in one line. */
interface PrintedClass {
  readonly prototype: object;
  print(thing: object): string;
}

/** Tensors with at most so many numbers print them. */
const MAX_NUMBERS = 12;
const MAX_NAMES = 10;

export const PRINTED_CLASSES: readonly PrintedClass[] = [
  { prototype: tf.Tensor.prototype, print: thing => printTensor(thing as tf.Tensor) },
  { prototype: LabeledData.prototype, print: thing => printData(thing as LabeledData) },
];

function printTensor(tensor: tf.Tensor): string {
  const facts = `${tensor instanceof tf.Variable ? 'Variable' : 'Tensor'} [${tensor.shape.join(', ')}] ${tensor.dtype}`;
  if (tensor.isDisposed) return `${facts}, disposed`;
  return tensor.size > MAX_NUMBERS ? facts : `${facts} ${inspect(tensor.arraySync(), { depth: Infinity })}`;
}

function printData({ length, shape, names, columns }: LabeledData): string {
  const parts = [
    `${length} instances of [${shape.join(', ')}]`,
    names.length > 0 ? `classes ${listed(names)}` : '',
    columns.length > 0 ? `columns ${listed(columns)}` : '',
  ];
  return `LabeledData { ${parts.filter(Boolean).join('; ')} }`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
