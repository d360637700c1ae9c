import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { LabeledData } from '../data/labeled-data';
import { shapeList } from '../display/shape-list';

/** A class whose instances `console.log` prints in one line. */
interface PrintedClass {
  readonly prototype: object;
  print(thing: object): string;
}

type Serializable = tf.serialization.Serializable;

/** Tensors with at most so many numbers print them. */
const MAX_NUMBERS = 12;
const MAX_NAMES = 10;

export const PRINTED_CLASSES: readonly PrintedClass[] = [
  { prototype: tf.Tensor.prototype, print: thing => printTensor(thing as tf.Tensor) },
  { prototype: LabeledData.prototype, print: thing => printData(thing as LabeledData) },
  { prototype: tf.layers.Layer.prototype, print: thing => printLayer(thing as tf.layers.Layer) },
  { prototype: tf.SymbolicTensor.prototype, print: thing => printSymbol(thing as tf.SymbolicTensor) },
  { prototype: tf.LayerVariable.prototype, print: thing => printSymbol(thing as tf.LayerVariable) },
  // Optimizers, initializers, regularizers, constraints and activations.
  {
    prototype: tf.serialization.Serializable.prototype,
    print: thing => printSettings(thing as Serializable),
  },
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

/** Models are layers, too. */
function printLayer(layer: tf.layers.Layer): string {
  const parts = [layer.name, attempt(() => `output shape ${shapeList(layer.outputShape)}`) ?? 'not built'];
  const count = attempt(() => layer.countParams());
  if (count !== null) parts.push(`${count.toLocaleString('en')} ${count === 1 ? 'parameter' : 'parameters'}`);
  return `${className(layer)} { ${parts.join('; ')} }`;
}

function printSymbol({ constructor, name, shape, dtype }: tf.SymbolicTensor | tf.LayerVariable): string {
  return `${constructor.name} { ${name}; shape ${shapeList(shape)}; ${dtype} }`;
}

function printSettings(thing: Serializable): string {
  const settings = attempt(() => thing.getConfig());
  return `${className(thing)} ${inspect(settings ?? {}, { compact: true, breakLength: Infinity })}`;
}

/** A class of the notebook may have no `className`. */
function className(thing: Serializable): string {
  return attempt(() => thing.getClassName()) ?? thing.constructor.name;
}

/** What `read` returns, or null: layers that are not built, and unfinished classes of the notebook, throw. */
function attempt<T>(read: () => T): T | null {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
