import { PiecewiseError } from './piecewise-error';

/** A question about the linear region around x, where there is none. */
export class NoRegionError extends PiecewiseError {
  constructor(
    /** Where F is not piecewise linear. */
    readonly layers: readonly string[],
    readonly reason: string,
  ) {
    const names = layers.map(layer => `'${layer}'`).join(', ');
    super(
      `There is no linear region around x: ${layers.length === 1 ? 'the layer' : 'the layers'} ${names} ` +
        `${layers.length === 1 ? 'is' : 'are'} ${reason}. W holds at x only; ` +
        `lin.jacobian(), or linearize(model, x, {policy: 'tangent'}), gives the Jacobian there, lin.frozenError() says how far a frozen W ` +
        `is from it, and {to: layer} ends the map before.`,
    );
  }
}

/** A question about the region around x, asked of a map that does not start at the input. */
export class RegionStartError extends PiecewiseError {
  constructor(readonly from: string) {
    super(
      `The map starts at '${from}', but regions are told apart at the input. Call linearize(model, x) without from.`,
    );
  }
}

/** Two inputs that no straight way leads between. */
export class PathEndsError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `path: ${reason}. Give two inputs of the model, each one instance in the shape that linearize takes.`,
    );
  }
}

/** A network with jumps, of which outputs at breakpoints say nothing about what lies between. */
export class DiscontinuityError extends PiecewiseError {
  constructor(
    /** Where on the way, from 0 to 1; of a slice [s, t]. */
    readonly t: number | readonly [number, number],
    /** How far F there is from the straight line, or the plane, between its neighbors. */
    readonly jump: number,
  ) {
    const [who, where] =
      typeof t === 'number'
        ? ['path', `t = ${t.toPrecision(4)}`]
        : ['slice', `[s, t] = [${t.map(v => v.toPrecision(4)).join(', ')}]`];
    super(
      `${who}: the network jumps near ${where}: F is ${jump.toPrecision(3)} off what is straight between the ` +
        `breakpoints around. Between them W holds all the same: linearize(model, x) at an input in between.`,
    );
  }
}

/** Three inputs that span no plane, or a part of it that is none. */
export class SliceError extends PiecewiseError {
  constructor(reason: string) {
    super(
      `slice: ${reason}. Give three inputs of the model that do not lie on one line, each one instance in the shape that ` +
        `linearize takes, and of the options a margin from 0 on, or a center [s, t] with a radius above 0.`,
    );
  }
}

/** A slice through more linear regions than were allowed. */
export class SliceLimitError extends PiecewiseError {
  constructor(
    readonly limit: number,
    /** Which share of the window the first `limit` polygons cover. */
    readonly covered: number,
  ) {
    super(
      `slice: the first ${limit} polygons cover ${(100 * covered).toPrecision(2)} % of the window, so all of it holds about ` +
        `${Math.round(limit / Math.max(covered, 1e-9)).toPrecision(2)}. Look at a smaller part, {center: [s, t], radius}, ` +
        `or raise {limit}.`,
    );
  }
}

/** A place that lies outside the window of a slice. */
export class SlicePlaceError extends PiecewiseError {
  constructor(readonly place: readonly [number, number]) {
    super(
      `slice: [${place.join(', ')}] lies outside of the window. x0 is [0, 0], x1 is [1, 0] and x2 [0, 1]; ` +
        `slice.window has the corners.`,
    );
  }
}

/** A segment that a path does not have. */
export class SegmentIndexError extends PiecewiseError {
  constructor(
    readonly index: number,
    readonly segments: number,
  ) {
    super(
      `path: there is no segment ${index}: the way has ${segments}, so give a whole number from 0 to ${segments - 1}.`,
    );
  }
}

/** Parts that should sum to the change of an output, and do not. */
export class PathSumError extends PiecewiseError {
  constructor(
    readonly sum: number,
    readonly change: number,
  ) {
    super(
      `path: the parts sum to ${sum}, but the output changes by ${change}, which is more apart than rounding. Does the model ` +
        `behave differently from call to call, or does it jump? Otherwise please report it with the model's summary.`,
    );
  }
}

/** A number of samples that is none. */
export class StepCountError extends PiecewiseError {
  constructor(readonly steps: number) {
    super(`path: ${steps} steps cannot be taken. Give a whole number from 1 on, for example 50.`);
  }
}

/** Data that a census or an atlas cannot read. */
export class CensusDataError extends PiecewiseError {
  constructor(reason: string, asker: 'census' | 'atlas') {
    super(
      `${asker}: ${reason}. Give N instances as [N, ...instance], or a data set from data, and one label for each or none.`,
    );
  }
}

/** Activation patterns that were counted and not kept. */
export class PatternsNotKeptError extends PiecewiseError {
  constructor(readonly bytes: number) {
    super(
      `census: the patterns of all instances take ${bytes} bytes, more than it was allowed to keep. Call census with ` +
        `{memory: ${bytes}}, or on a part of the data.`,
    );
  }
}

/** A number of clusters that instances cannot make. */
export class ClusterCountError extends PiecewiseError {
  constructor(
    readonly count: number,
    readonly instances: number,
  ) {
    super(`atlas: clusters(${count}) of ${instances} instances; give a whole number from 1 to ${instances}.`);
  }
}

/** A certificate that cannot be checked. */
export class CertificateError extends PiecewiseError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `verify: ${reason}. Give what lin.certificate() returned, as JSON, and the model that it was made with.`,
      options,
    );
  }
}

/** Two outputs that a walk did not bring together. */
export class NoTieError extends PiecewiseError {
  constructor(
    readonly i: number,
    readonly j: number,
    /** How far they are apart where the walk began. */
    readonly gap: number,
  ) {
    super(
      `contrastEdit: the walk from x, where output ${i} is ${gap.toPrecision(4)} above output ${j}, came to a place from which no ` +
        `map leads on to a tie. Try another pair of outputs, or start from another input.`,
    );
  }
}
