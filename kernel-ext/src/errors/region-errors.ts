import { PiecewiseError } from './piecewise-error';

/** A question was asked about the linear region around x, but F has none there. */
export class NoRegionError extends PiecewiseError {
  constructor(
    /** The layers in which F is not piecewise linear. */
    readonly layers: readonly string[],
    readonly reason: string,
  ) {
    const names = layers.map(layer => `'${layer}'`).join(', ');
    super(
      `There is no linear region around x: ${layers.length === 1 ? 'the layer' : 'the layers'} ${names} ` +
        `${layers.length === 1 ? 'is' : 'are'} ${reason}. W is exact only at x. ` +
        `linearize(model, x, {policy: 'tangent'}) gives the Jacobian there; lin.frozenError() measures how far a frozen W ` +
        `is from it; and {to: layer} ends the map before the layer.`,
    );
  }
}

/** A question about the region around x was asked of a linear map that does not start at the input. */
export class RegionStartError extends PiecewiseError {
  constructor(readonly from: string) {
    super(
      `The map starts at '${from}', but linear regions are sets of inputs. Call linearize(model, x) without from.`,
    );
  }
}

/** The ends of a path are not two inputs of the model. */
export class PathEndsError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `path: ${reason}. Give two inputs of the model, each one instance in the shape that linearize takes.`,
    );
  }
}

/** The network jumps, so its outputs at breakpoints do not determine what lies between them. */
export class DiscontinuityError extends PiecewiseError {
  constructor(
    /** Where on the path, from 0 to 1; for a slice, [s, t]. */
    readonly t: number | readonly [number, number],
    /** How far F is at that point from the straight line, or the plane, through the surrounding breakpoints. */
    readonly jump: number,
  ) {
    const [who, where] =
      typeof t === 'number'
        ? ['path', `t = ${t.toPrecision(4)}`]
        : ['slice', `[s, t] = [${t.map(v => v.toPrecision(4)).join(', ')}]`];
    super(
      `${who}: the network jumps near ${where}: F is ${jump.toPrecision(3)} away from the straight line between the ` +
        `neighboring breakpoints. W is still exact between the jumps: call linearize(model, x) at an input there.`,
    );
  }
}

/** Three inputs do not span a plane, or the options do not describe a part of it. */
export class SliceError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `slice: ${reason}. Give three inputs of the model that do not lie on one line, each one instance in the shape that ` +
        `linearize takes; and as options a margin of at least 0, or a center [s, t] with a radius above 0.`,
    );
  }
}

/** A slice crosses more linear regions than the limit. */
export class SliceLimitError extends PiecewiseError {
  constructor(
    readonly limit: number,
    /** Share of the window that the first `limit` polygons cover. */
    readonly covered: number,
  ) {
    super(
      `slice: the first ${limit} polygons cover ${(100 * covered).toPrecision(2)} % of the window, so the whole window has about ` +
        `${Math.round(limit / Math.max(covered, 1e-9)).toPrecision(2)}. Look at a smaller part, {center: [s, t], radius}, ` +
        `or raise {limit}.`,
    );
  }
}

/** The point lies outside the window of the slice. */
export class PlanePointError extends PiecewiseError {
  constructor(readonly point: readonly [number, number]) {
    super(
      `slice: [${point.join(', ')}] lies outside the window. x0 is [0, 0], x1 is [1, 0] and x2 is [0, 1]; ` +
        `slice.window has the corners of the window.`,
    );
  }
}

/** The path does not have a piece with this index. */
export class PieceIndexError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly pieces: number,
  ) {
    super(
      `path: there is no piece ${index}: the path has ${pieces}, so give a whole number from 0 to ${pieces - 1}.`,
    );
  }
}

/** The parts of integrated gradients do not sum to the change of the output. */
export class PathSumError extends PiecewiseError {
  constructor(
    readonly sum: number,
    readonly change: number,
  ) {
    super(
      `path: the parts sum to ${sum}, but the output changes by ${change}, which is more than rounding explains. Check whether the model ` +
        `behaves differently from call to call, or jumps. If neither, please report this with the model's summary.`,
    );
  }
}

/** The number of samples is not a whole number above 0. */
export class StepCountError extends PiecewiseError {
  constructor(readonly steps: number) {
    super(`path: got ${steps} steps. Give a whole number of at least 1, for example 50.`);
  }
}

/** A census or an atlas cannot read the data. */
export class CensusDataError extends PiecewiseError {
  constructor(reason: string, asker: 'census' | 'atlas') {
    super(
      `${asker}: ${reason}. Give N instances as [N, ...instance], or a data set from data, with one label for each or without labels.`,
    );
  }
}

/** Activation patterns were counted but not kept. */
export class PatternsNotKeptError extends PiecewiseError {
  constructor(readonly bytes: number) {
    super(
      `census: the patterns of all instances take ${bytes} bytes, more than the memory budget, so they were not kept. Call census with ` +
        `{memory: ${bytes}}, or on a part of the data.`,
    );
  }
}

/** The instances cannot form this number of clusters. */
export class ClusterCountError extends PiecewiseError {
  constructor(
    readonly count: number,
    readonly instances: number,
  ) {
    super(
      `atlas: ${instances} instances cannot form ${count} clusters. Give a whole number from 1 to ${instances}.`,
    );
  }
}

/** The certificate cannot be checked. */
export class CertificateError extends PiecewiseError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `verify: ${reason}. Pass what lin.certificate() returned, as JSON, and the model that it was made with.`,
      options,
    );
  }
}

/** The walk did not bring two outputs together. */
export class NoTieError extends PiecewiseError {
  constructor(
    readonly i: number,
    readonly j: number,
    /** How far apart they are where the walk began. */
    readonly gap: number,
  ) {
    super(
      `contrastEdit: the walk from x, where output ${i} is ${gap.toPrecision(4)} above output ${j}, reached a point from which no ` +
        `linear map leads to a tie. Try another pair of outputs, or start from another input.`,
    );
  }
}
