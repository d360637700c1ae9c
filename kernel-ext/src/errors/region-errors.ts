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
        `linearize(model, x, {policy: 'tangent'}) gives the Jacobian there, and {to: layer} ends the map before.`,
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
