import { PiecewiseError } from '../errors';

/** Too few points for a map, or for a measure of it. */
export class TooFewPointsError extends PiecewiseError {
  constructor(
    readonly points: number,
    readonly wanted: number,
  ) {
    super(
      `tsne: got ${points} points, but neighbors are defined from ${wanted} points on. Pass more points.`,
    );
  }
}

/** A perplexity that these points cannot have. */
export class PerplexityError extends PiecewiseError {
  constructor(
    readonly perplexity: number,
    readonly points: number,
  ) {
    super(
      `tsne: the perplexity is ${perplexity}, but with ${points} points it must be more than 1 and less than ` +
        `${points - 1}, the number of neighbors of a point. Good values lie between 5 and ${Math.max(5, Math.min(50, Math.floor((points - 1) / 3)))} here.`,
    );
  }
}

/** A number of neighbors that these points do not have. */
export class NeighborCountError extends PiecewiseError {
  constructor(
    readonly neighbors: number,
    readonly points: number,
  ) {
    super(
      `tsne: ${neighbors} neighbors were wanted of ${points} points; a point has ${points - 1} others. ` +
        `Give a whole number from 1 to ${points - 1}.`,
    );
  }
}

/** A point with NaN or an infinity in it. */
export class NonFiniteDataError extends PiecewiseError {
  constructor(
    readonly point: number,
    readonly column: number,
    readonly value: number,
  ) {
    super(
      `tsne: point ${point} is ${value} in column ${column}; distances need finite numbers. ` +
        `Drop such points or fill in the missing values first.`,
    );
  }
}

/** Data that is not one row of numbers, or one image, a point. */
export class DataShapeError extends PiecewiseError {
  constructor(
    readonly received: readonly number[],
    readonly expected: string,
  ) {
    super(
      `tsne: the data has shape [${received.join(', ')}]; it wanted ${expected}. Reshape it, one point a row.`,
    );
  }
}

/** As many labels as points were wanted. */
export class PointLabelsError extends PiecewiseError {
  constructor(
    readonly labels: number,
    readonly points: number,
  ) {
    super(
      `tsne: got ${labels} labels for ${points} points; give one label a point, in their order ` +
        `(null where a point has none).`,
    );
  }
}
