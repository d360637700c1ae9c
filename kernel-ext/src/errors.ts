import { nearestNames } from './nearest-names';

/**
 * What can go wrong, one class a cause. Each message says who, what it got, what it wanted, and what to do;
 * the fields carry the same for code that handles the error.
 */

const list = (shape: readonly (number | null)[]) => `[${shape.map(d => d ?? 'any').join(', ')}]`;

/** Everything that Piecewise throws on purpose. */
export abstract class PiecewiseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

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

/** The model gives NaN or an infinity at a finite x. */
export class NonFiniteOutputError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly value: number,
  ) {
    super(
      `linearize: the model's output ${index} is ${value} at this x. Its weights have probably diverged; ` +
        `check them with model.getWeights(), or train with a smaller learning rate.`,
    );
  }
}

/** The model is not one that can be run: not built, disposed of, or no model at all. */
export class ModelError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(`linearize: ${reason}`);
  }
}

/** A layer name that the model does not have. */
export class LayerNameError extends PiecewiseError {
  /** The names that are most like it, the best first. */
  readonly nearest: readonly string[];

  constructor(
    readonly layer: string,
    readonly layers: readonly string[],
  ) {
    const nearest = nearestNames(layer, layers);
    super(
      `linearize: there is no layer '${layer}' on the way from x to the output. ` +
        (nearest.length === 0 ? '' : `Did you mean ${nearest.map(name => `'${name}'`).join(' or ')}? `) +
        `The layers are ${layers.join(', ')}.`,
    );
    this.nearest = nearest;
  }
}

/** The map would start where it ends, or behind. */
export class LayerOrderError extends PiecewiseError {
  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(
      `linearize: the map cannot start at '${from}' and end at '${to}', since '${from}' does not come before it. ` +
        `Exchange them, or leave one out: from is the input and to the output then.`,
    );
  }
}

/** A kernel of TensorFlow.js without a rule, or with arguments that its rule does not cover. */
export class UnsupportedKernelError extends PiecewiseError {
  constructor(
    readonly kernel: string,
    readonly layer: string,
    /** The last layer before it whose output can be linearized; null if there is none. */
    readonly lastWorking: string | null,
    readonly reason = 'there is no rule for it',
  ) {
    super(
      `linearize: the kernel ${kernel} in layer '${layer}' cannot be linearized: ${reason}. ` +
        (lastWorking === null
          ? 'Nothing before it can be linearized either.'
          : `Everything up to layer '${lastWorking}' can: pass {to: '${lastWorking}'}.`),
    );
  }
}

/** A GraphModel in which x decides what is run, or of which shape. */
export class DynamicGraphError extends PiecewiseError {
  constructor(
    readonly node: string,
    readonly op: string,
    options?: ErrorOptions,
  ) {
    super(
      `linearize: the graph model's node '${node}' is a ${op}: what runs behind it, or its shape, depends on the numbers ` +
        `in x, so there is no one network to take apart. Pass a function that runs the part before it, for example ` +
        `x => model.execute(x, nameOfANodeBefore).`,
      options,
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

/** A model with several outputs, and none was chosen. */
export class OutputNameError extends PiecewiseError {
  constructor(readonly outputs: readonly string[]) {
    super(
      `linearize: the model has the outputs ${outputs.join(', ')}, and a map ends at one of them. ` +
        `Say which, for example {to: '${outputs[0]}'}.`,
    );
  }
}

/** A policy that does not exist. */
export class PolicyError extends PiecewiseError {
  constructor(
    readonly received: unknown,
    readonly policies: readonly string[],
  ) {
    super(
      `linearize: there is no policy ${JSON.stringify(received)}. Give one of ${policies.join(', ')}, ` +
        `or one of them for each layer, for example {policy: {attention: 'gate'}}.`,
    );
  }
}

/** The output does not depend on x at all. */
export class DisconnectedError extends PiecewiseError {
  constructor() {
    super(
      'linearize: no path leads from x to the output, so W would be zero and b the output. ' +
        'Check that the function uses its argument and returns a tensor computed from it.',
    );
  }
}

/** A class index outside 0 … C − 1. */
export class ClassIndexError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly classes: number,
  ) {
    super(
      `There is no output ${index}: the map has ${classes} outputs, so give a whole number from 0 to ${classes - 1}.`,
    );
  }
}

/** The number of labels differs from the number of outputs. */
export class LabelsError extends PiecewiseError {
  constructor(
    readonly labels: number,
    readonly classes: number,
  ) {
    super(
      `linearize: got ${labels} labels for ${classes} outputs; give one label for each output, in their order.`,
    );
  }
}

/** A vector whose length does not fit the linear map. */
export class VectorShapeError extends PiecewiseError {
  constructor(
    readonly method: string,
    readonly expected: number,
    readonly received: number,
  ) {
    super(`LinearMap.${method}: got ${received} numbers, but the map wants ${expected} of them here.`);
  }
}

/** The full matrix W would not fit into the memory budget. */
export class MemoryBudgetError extends PiecewiseError {
  constructor(
    readonly bytes: number,
    readonly budget: number,
  ) {
    const mib = (n: number) => `${(n / 2 ** 20).toFixed(0)} MiB`;
    super(
      `LinearMap.toTensor: W takes ${mib(bytes)}, more than the budget of ${mib(budget)}. ` +
        `Ask for single rows with row(c) or rows([...]), or raise {memory: bytes}.`,
    );
  }
}

/** A linearization was used after dispose(). */
export class DisposedError extends PiecewiseError {
  constructor() {
    super(
      'This linearization has been disposed of. Call linearize(model, x) again, and dispose() when done.',
    );
  }
}

/** The work was ended by its AbortSignal. Named as the platform names it, so that `error.name === 'AbortError'` holds. */
export class AbortError extends PiecewiseError {
  /** @param reason what the signal was aborted with. */
  constructor(readonly reason: unknown) {
    super(
      'The computation was cancelled by its AbortSignal. Nothing of it is kept; call again to start anew.',
      {
        cause: reason,
      },
    );
  }
}

/** Two maps that do not fit together. */
export class ComposeError extends PiecewiseError {
  constructor(
    readonly outer: { instances: number; outputs: number; inputs: number },
    readonly inner: { instances: number; outputs: number; inputs: number },
  ) {
    const size = (m: typeof outer) => `${m.outputs} × ${m.inputs} for ${m.instances} instances`;
    super(
      `LinearMap.compose: the outer map is ${size(outer)}, the inner one ${size(inner)}. The inner one must give ` +
        `the ${outer.inputs} numbers that the outer one takes, for as many instances.`,
    );
  }
}

/** A number of singular values outside 1 … min(C, D). */
export class RankError extends PiecewiseError {
  constructor(
    readonly rank: number,
    readonly most: number,
  ) {
    super(
      `LinearMap.svd: k is ${rank}; the map has ${most} singular values, so give a whole number from 1 to ${most}.`,
    );
  }
}

/** A mask of segments that does not fit x. */
export class SegmentError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `contributionBySegment: ${reason}. Give the number of its segment, 0, 1, …, for each number or each position of ` +
        `one input.`,
    );
  }
}

/** The model's weights are no longer those that were linearized. */
export class ModelChangedError extends PiecewiseError {
  constructor(readonly what: 'changed' | 'disposed') {
    super(
      what === 'disposed'
        ? 'The model has been disposed of, so that F cannot be computed once more. Ask for the residual, and for what a ' +
            'batch in several tiles has to give, before model.dispose().'
        : "The model's weights have been replaced since it was linearized, so that F is another function now. " +
            'Call linearize(model, x) again for the new weights.',
    );
  }
}

/** What another input does, asked of a map that does not start at the input. */
export class WhatIfStartError extends PiecewiseError {
  constructor(readonly from: string) {
    super(
      `whatIf: the map starts at '${from}', but only the input can be replaced. Call linearize(model, x) without from, ` +
        `or weights.apply(a) for what W makes of another activation.`,
    );
  }
}
