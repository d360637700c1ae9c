import { shownValue } from './shown-value';
import { PiecewiseError } from './piecewise-error';

/** The class index is outside 0 … C − 1. */
export class ClassIndexError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly classes: number,
  ) {
    super(
      `There is no output ${typeof index === 'number' ? index : shownValue(index)}: the linear map has ${classes} outputs. Give a whole number from 0 to ${classes - 1}.`,
    );
  }
}

/** The batch does not have an instance with this index. */
export class InstanceIndexError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly instances: number,
  ) {
    super(
      `There is no instance ${typeof index === 'number' ? index : shownValue(index)}: the batch has ${instances}. Give a whole number from 0 to ${instances - 1}.`,
    );
  }
}

/** A question about a single instance was asked of a linearization of several. */
export class BatchError extends PiecewiseError {
  constructor(
    readonly question: string,
    readonly instances: number,
  ) {
    super(
      `${question}: this linearization has ${instances} instances, and the answer differs for each. Choose one from 0 to ` +
        `${instances - 1}: lin.instance(0).${question}(…).`,
    );
  }
}

/** The length of a vector does not fit the linear map. */
export class VectorShapeError extends PiecewiseError {
  constructor(
    readonly method: string,
    readonly expected: number,
    readonly received: number,
  ) {
    super(
      `LinearMap.${method}: got ${received} numbers, but the linear map takes ${expected}. Pass a vector of that length.`,
    );
  }
}

/** Bytes as people read them: 128 bytes, 12.5 MiB. */
function sizeOf(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  if (power === 0) return `${bytes} bytes`;
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(4))} ${['KiB', 'MiB', 'GiB'][power - 1]}`;
}

/** The full matrix W does not fit into the memory budget. */
export class MemoryBudgetError extends PiecewiseError {
  constructor(
    readonly bytes: number,
    readonly budget: number,
  ) {
    super(
      `LinearMap.toTensor: W takes ${sizeOf(bytes)}, but the budget is ${sizeOf(budget)}. ` +
        `Ask for single rows with row(c) or rows([...]), or raise {memory: bytes}.`,
    );
  }
}

/** A linearization was used after dispose(). */
export class DisposedError extends PiecewiseError {
  constructor() {
    super(
      'This linearization has been disposed of. Call linearize(model, x) again, and call dispose() when you no longer need it.',
    );
  }
}

/** An AbortSignal ended the work. The class is named as on the platform, so `error.name === 'AbortError'` is true. */
export class AbortError extends PiecewiseError {
  /** @param reason what the signal was aborted with. */
  constructor(readonly reason: unknown) {
    super(
      'The computation was cancelled by its AbortSignal, and nothing was kept. Call again to start over.',
      {
        cause: reason,
      },
    );
  }
}

/** The shapes of two linear maps do not fit together. */
export class ComposeError extends PiecewiseError {
  constructor(
    readonly outer: { instances: number; outputs: number; inputs: number },
    readonly inner: { instances: number; outputs: number; inputs: number },
  ) {
    const size = (m: typeof outer) => `${m.outputs} × ${m.inputs} for ${m.instances} instances`;
    super(
      `LinearMap.compose: the outer map is ${size(outer)}, and the inner map is ${size(inner)}. The inner map must give ` +
        `the ${outer.inputs} numbers that the outer map takes, for the same number of instances.`,
    );
  }
}

/** The number of singular values is outside 1 … min(C, D). */
export class RankError extends PiecewiseError {
  constructor(
    readonly rank: number,
    readonly most: number,
  ) {
    super(
      `LinearMap.svd: k is ${rank}, but the linear map has ${most} singular values. Give a whole number from 1 to ${most}.`,
    );
  }
}

/** The mask of superpixels does not fit x. */
export class SuperpixelError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `contributionBySuperpixel: ${reason}. Give the number of its superpixel, 0, 1, …, for each number or each position ` +
        `of one input.`,
    );
  }
}

/** Contributions by token are asked of a map that does not start at one vector for each token. */
export class TokensError extends PiecewiseError {
  /**
   * @param command the command that was asked
   * @param from where the map starts
   * @param shape of one instance there
   */
  constructor(
    readonly command: string,
    readonly from: string,
    readonly shape: readonly number[],
  ) {
    super(
      `${command}: the map starts at '${from}', of shape [${shape.join(', ')}], which is not one vector for each token. ` +
        `Start it after the embedding: linearize(model, x, { from: … }); layerNames(model) lists the layers.`,
    );
  }
}

/** A target names a class that does not exist, or its mask does not fit the output. */
export class TargetError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `target: ${reason}. Give { class, mask }: a class by index or name, and a weight for each position of the output.`,
    );
  }
}

/** whatIf was called on a linear map that does not start at the input. */
export class WhatIfStartError extends PiecewiseError {
  constructor(readonly from: string) {
    super(
      `whatIf: the map starts at '${from}', but only the input can be replaced. Call linearize(model, x) without from, ` +
        `or weights.apply(a) to apply W to another activation.`,
    );
  }
}
