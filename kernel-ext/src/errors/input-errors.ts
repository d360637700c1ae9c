import { PiecewiseError } from './piecewise-error';

const list = (shape: readonly (number | null)[]) => `[${shape.map(d => d ?? 'any').join(', ')}]`;

/** The shape of x does not fit the model's input. */
export class ShapeError extends PiecewiseError {
  /** @param input the name of the input, where x is given by name */
  constructor(
    readonly expected: readonly (number | null)[],
    readonly received: readonly number[],
    readonly input?: string,
  ) {
    const x = input ?? 'x';
    super(
      `linearize: ${input === undefined ? 'x' : `the input '${input}'`} has shape ${list(received)}, but the model takes ` +
        `${list(expected)} for one instance or ${list([null, ...expected])} for a batch. ` +
        `Reshape it, for example ${x}.reshape(${list(expected)}).`,
    );
  }
}

/** Inputs by name differ in how many instances they have. */
export class NamedBatchError extends ShapeError {
  constructor(
    /** N of each input, null for one instance without a batch axis. */
    readonly instances: Readonly<Record<string, number | null>>,
    expected: readonly (number | null)[],
    received: readonly number[],
    input: string,
  ) {
    super(expected, received, input);
    const each = Object.entries(instances).map(
      ([name, count]) => `'${name}' ${count === null ? 'one instance' : `a batch of ${count}`}`,
    );
    this.message =
      `linearize: the inputs differ in how many instances they have: ${each.join(', ')}; '${input}' has shape ${list(received)}. ` +
      `Give one instance of each, or batches of one size.`;
  }
}

/** x does not have the shape that a linearizer was compiled for. */
export class CompiledShapeError extends PiecewiseError {
  constructor(
    readonly compiled: readonly number[],
    readonly received: readonly number[],
  ) {
    super(
      `Linearizer.linearize: one instance of x has shape ${list(received)}, but the linearizer was compiled for ${list(compiled)}. ` +
        `Call await compile(model, ${list(received)}) for this shape, or linearize(model, x), which compiles when it needs to.`,
    );
  }
}

/** x is a batch of no instances, or has an axis of length 0. */
export class EmptyInputError extends PiecewiseError {
  constructor(readonly received: readonly number[]) {
    super(
      `linearize: x has shape ${list(received)} and is therefore empty. Pass at least one instance; ` +
        `if x comes from a filter, check that the filter keeps something.`,
    );
  }
}

/** The numbers of x are not float32. */
export class DtypeError extends PiecewiseError {
  /**
   * @param received a dtype of TensorFlow.js, or the class of a typed array
   * @param command the command that got the numbers
   * @param argument the name of its argument
   */
  constructor(
    readonly received: string,
    readonly command = 'linearize',
    readonly argument = 'x',
  ) {
    super(
      `${command}: ${argument} has dtype ${received}, but it must be float32. ${remedyFor(received, argument)}`,
    );
  }
}

function remedyFor(dtype: string, argument: string): string {
  if (dtype === 'string') return 'Turn the texts into numbers first, for example with .map(Number).';
  if (dtype === 'complex64') return `Choose a part of it, for example tf.real(${argument}).`;
  const float = dtype.endsWith('Array') ? `tf.tensor(${argument})` : `${argument}.toFloat()`;
  return (
    `Convert it first, for example ${float}.div(255) for pixels. If it holds indices, such as token ids, ` +
    `start the map after the layer that looks them up: {from: layer}.`
  );
}

/** x, or an entry of it, is not a number. */
export class InputValueError extends PiecewiseError {
  /**
   * @param index where the entry stands, one index for each level of nested arrays; empty for x itself
   * @param received what stands there
   * @param advice what to do about it
   * @param command the command that got it
   * @param argument the name of its argument
   */
  constructor(
    readonly index: readonly number[],
    readonly received: string,
    advice: string,
    readonly command = 'linearize',
    readonly argument = 'x',
  ) {
    super(`${command}: ${entry(argument, index)} is ${received}, but it must be numbers. ${advice}`);
  }
}

/** Nested arrays differ in length. */
export class RaggedInputError extends PiecewiseError {
  /** @param index where the array stands that differs from the first one on its level */
  constructor(
    readonly index: readonly number[],
    readonly received: string,
    readonly expected: string,
    readonly command = 'linearize',
    readonly argument = 'x',
  ) {
    super(
      `${command}: ${entry(argument, index)} has ${received}, but the first array on its level has ${expected}. ` +
        `Give all of them the same length, for example by padding with zeros.`,
    );
  }
}

const entry = (argument: string, index: readonly number[]) => argument + index.map(i => `[${i}]`).join('');

/** x, or the activation at which the map starts, contains NaN or an infinity. */
export class NonFiniteInputError extends PiecewiseError {
  /** @param from the layer whose activation it is; undefined for x. */
  constructor(
    readonly index: readonly number[],
    readonly value: number,
    readonly from?: string,
  ) {
    super(
      `linearize: ${from === undefined ? 'x' : `the activation of '${from}'`} is ${value} at ${list(index)}, but a linear map exists only where all numbers are finite. ` +
        `Look for a division by zero or a missing value in the code that computes ${from === undefined ? 'x' : 'it'}.`,
    );
  }
}

/** The names of the inputs are not those of the model. */
export class InputNamesError extends PiecewiseError {
  constructor(
    readonly expected: readonly string[],
    readonly received: readonly string[],
  ) {
    super(
      `linearize: x has the inputs ${received.join(', ') || 'none'}, but the model takes ${expected.join(', ') || 'at least one'}. ` +
        `Pass each of the model's inputs once, under these names.`,
    );
  }
}

/** Labels are not a list of names. */
export class LabelsError extends PiecewiseError {
  /**
   * @param command the command that got the labels
   * @param received what it got instead
   * @param index where that stands in the list; null for the list itself
   */
  constructor(
    readonly command: string,
    readonly received: string,
    readonly index: number | null,
  ) {
    super(
      `${command}: ${index === null ? 'labels' : `labels[${index}]`} is ${received}. ` +
        `Give an array of texts or numbers, for example ['cat', 'dog'] or Array.from(await tensor.data()).`,
    );
  }
}

/** The number of names, such as labels, differs from the number of things that they name. */
export class NameCountError extends PiecewiseError {
  /**
   * @param command the command that got the names
   * @param names what the names are, in the plural: 'labels'
   * @param items what they name, in the plural: 'outputs'
   */
  constructor(
    readonly command: string,
    readonly names: string,
    readonly received: number,
    readonly items: string,
    readonly wanted: number,
  ) {
    super(
      `${command}: got ${received} ${names} for ${wanted} ${items}. Give one for each, in the same order.`,
    );
  }
}
