import { nearestNames } from './nearest-names';
import { PiecewiseError } from './piecewise-error';

/** The model cannot be run: it is not built, has been disposed of, or is not a model at all. */
export class ModelError extends PiecewiseError {
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`linearize: ${reason}`, options);
  }
}

/** A layer gives an activation without any numbers. */
export class EmptyActivationError extends PiecewiseError {
  constructor(
    readonly layer: string,
    readonly shape: readonly number[],
  ) {
    super(
      `linearize: layer '${layer}' gives an activation of shape [${shape.join(', ')}], which has no numbers, so there is nothing to ` +
        `take apart. Its window or cropping is larger than what it gets: make it smaller, or x larger.`,
    );
  }
}

/** The model no longer has the weights that were linearized. */
export class ModelChangedError extends PiecewiseError {
  constructor(readonly what: 'changed' | 'disposed') {
    super(
      what === 'disposed'
        ? 'The model has been disposed of, so F cannot be computed again. Ask for the residual, and for everything you need of ' +
            'a batch in several tiles, before you call model.dispose().'
        : "The model's weights have changed since it was linearized, so F is now another function. " +
            'Call linearize(model, x) again for the new weights.',
    );
  }
}

/** The model does not have a layer of this name. */
export class LayerNameError extends PiecewiseError {
  /** The names that resemble it, the most similar first. */
  readonly nearest: readonly string[];

  constructor(
    readonly layer: string,
    readonly layers: readonly string[],
  ) {
    const nearest = nearestNames(layer, layers);
    super(
      `linearize: there is no layer '${layer}' between x and the output. ` +
        (nearest.length === 0 ? '' : `Did you mean ${nearest.map(name => `'${name}'`).join(' or ')}? `) +
        `The layers are ${layers.join(', ')}.`,
    );
    this.nearest = nearest;
  }
}

/** The map would start where it ends, or after that. */
export class LayerOrderError extends PiecewiseError {
  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(
      `linearize: the map cannot start at '${from}' and end at '${to}', because '${from}' does not come before '${to}'. ` +
        `Swap them, or leave one out: from defaults to the input, and to defaults to the output.`,
    );
  }
}

/** The model has several outputs, and none was chosen. */
export class OutputNameError extends PiecewiseError {
  constructor(readonly outputs: readonly string[]) {
    super(
      `linearize: the model has the outputs ${outputs.join(', ')}, but a linear map ends at one of them. ` +
        `Choose one, for example {to: '${outputs[0]}'}.`,
    );
  }
}

/** A TensorFlow.js kernel has no rule, or has arguments that its rule does not cover. */
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

/** In a GraphModel, x decides which nodes run, or which shape they have. */
export class DynamicGraphError extends PiecewiseError {
  constructor(
    readonly node: string,
    readonly op: string,
    options?: ErrorOptions,
  ) {
    super(
      `linearize: the graph model's node '${node}' is a ${op}. What runs after it, or its shape, depends on the numbers ` +
        `in x, so there is no single network to take apart. Pass a function that runs only the part before it, for example ` +
        `x => model.execute(x, nameOfANodeBefore).`,
      options,
    );
  }
}

/** There is no policy of this name. */
export class PolicyError extends PiecewiseError {
  constructor(
    readonly received: unknown,
    readonly policies: readonly string[],
  ) {
    super(
      `linearize: there is no policy ${JSON.stringify(received)}. Give one of ${policies.join(', ')}, ` +
        `or one for each layer, for example {policy: {attention: 'gate'}}.`,
    );
  }
}

/** The output does not depend on x. */
export class DisconnectedError extends PiecewiseError {
  /** @param output its name, where the model has several. */
  constructor(readonly output?: string) {
    super(
      `linearize: the output ${output === undefined ? '' : `'${output}' `}does not depend on x, so W would be zero and b the output. ` +
        'Check that the function uses its argument and returns a tensor that it computes from it.',
    );
  }
}

/** The model returns NaN or an infinity for a finite x. */
export class NonFiniteOutputError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly value: number,
  ) {
    super(
      `linearize: the model's output ${index} is ${value} for this x. Its weights have probably diverged: ` +
        `check them with model.getWeights(), or train with a smaller learning rate.`,
    );
  }
}
