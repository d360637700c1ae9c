import { PiecewiseError } from '../errors';

/** An `ArrayPayload` that does not say what its type says. */
export class ArrayPayloadError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(
      `This is no ArrayPayload: ${reason}. Write it with encodeArray, or check what changed it on the way.`,
    );
  }
}

/** A class name that the outputs do not have. */
export class UnknownLabelError extends PiecewiseError {
  constructor(
    readonly label: string,
    readonly labels: readonly string[],
  ) {
    super(
      `plot: there is no class '${label}'. The classes are ${labels.join(', ')}; name one of them or give its index.`,
    );
  }
}

/** As many labels as outputs or images were wanted. */
export class LabelCountError extends PiecewiseError {
  constructor(
    readonly labels: number,
    readonly wanted: number,
  ) {
    super(`plot: got ${labels} labels for ${wanted} of them; give one label each, in their order.`);
  }
}

/** As many names as numbers of one input were wanted. */
export class FeatureCountError extends PiecewiseError {
  constructor(
    readonly features: number,
    readonly wanted: number,
  ) {
    super(`plot: got ${features} features for ${wanted} inputs; give one name each, in their order.`);
  }
}

/** A size of images that is none. */
export class ImageSideError extends PiecewiseError {
  constructor(readonly side: number) {
    super(`plot: side is ${side}; give the longest side of an image in pixels, a whole number from 1 on.`);
  }
}

/** Something that `plot` has no picture for. */
export class NotPlottableError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `plot: got ${received}. It wanted a linearization, an image [H, W], [H, W, 1] or [H, W, 3], ` +
        `a batch [N, H, W, C] of them, a vector, or a plotly figure {data, layout}. Reshape or convert it first.`,
    );
  }
}

/** Columns or names of a map that are not one a point. */
export class ColumnLengthError extends PiecewiseError {
  constructor(
    readonly column: string,
    readonly received: number,
    readonly points: number,
  ) {
    super(
      `plot: ${column} has ${received} entries for ${points} points; give one a point, in the order of the data.`,
    );
  }
}
