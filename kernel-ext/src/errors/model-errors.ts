import { nearestNames } from './nearest-names';
import { PiecewiseError } from './piecewise-error';

/** The model is not one that can be run: not built, disposed of, or no model at all. */
export class ModelError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(`linearize: ${reason}`);
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

/** A model with several outputs, and none was chosen. */
export class OutputNameError extends PiecewiseError {
  constructor(readonly outputs: readonly string[]) {
    super(
      `linearize: the model has the outputs ${outputs.join(', ')}, and a map ends at one of them. ` +
        `Say which, for example {to: '${outputs[0]}'}.`,
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
