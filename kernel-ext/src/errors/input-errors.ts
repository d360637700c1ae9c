import { PiecewiseError } from './piecewise-error';

const list = (shape: readonly (number | null)[]) => `[${shape.map(d => d ?? 'any').join(', ')}]`;

/** x does not fit the model's input. */
export class ShapeError extends PiecewiseError {
  constructor(
    readonly expected: readonly (number | null)[],
    readonly received: readonly number[],
  ) {
    super(
      `linearize: x has shape ${list(received)}, but the model takes ${list(expected)} for one instance ` +
        `or ${list([null, ...expected])} for a batch. Reshape x, for example x.reshape(${list(expected)}).`,
    );
  }
}

/** x has another shape than the one that a linearizer was compiled for. */
export class CompiledShapeError extends PiecewiseError {
  constructor(
    readonly compiled: readonly number[],
    readonly received: readonly number[],
  ) {
    super(
      `Linearizer.linearize: one instance of x has shape ${list(received)}, but it was compiled for ${list(compiled)}. ` +
        `Call compile(model, ${list(received)}) for this shape, or linearize(model, x), which compiles as needed.`,
    );
  }
}

/** x is a batch of no instances, or has an axis of length 0. */
export class EmptyInputError extends PiecewiseError {
  constructor(readonly received: readonly number[]) {
    super(
      `linearize: x has shape ${list(received)} and so holds no number. Pass at least one instance; ` +
        `if x comes from a filter, check that something passed it.`,
    );
  }
}

/** x is not made of float32 numbers. */
export class DtypeError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `linearize: x has dtype ${received}, but only float32 has a linear region. ` +
        `Convert it first, for example x.toFloat().div(255) for pixels.`,
    );
  }
}

/** x holds NaN or an infinity. */
export class NonFiniteInputError extends PiecewiseError {
  constructor(
    readonly index: readonly number[],
    readonly value: number,
  ) {
    super(
      `linearize: x is ${value} at ${list(index)}; a linear map exists at finite points only. ` +
        `Look for a division by zero or a missing value in what made x.`,
    );
  }
}

/** Inputs by name that are not the model's. */
export class InputNamesError extends PiecewiseError {
  constructor(
    readonly expected: readonly string[],
    readonly received: readonly string[],
  ) {
    super(
      `linearize: x has the inputs ${received.join(', ') || 'none'}, but the model takes ${expected.join(', ') || 'at least one'}. ` +
        `Give each of its inputs once, by these names.`,
    );
  }
}

/** Names, labels for example, that are not one for each thing that they name. */
export class NameCountError extends PiecewiseError {
  /**
   * @param command who got them
   * @param names what they are, in the plural
   * @param items what they should name, in the plural
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
