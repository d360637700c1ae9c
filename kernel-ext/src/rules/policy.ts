/**
 * How something that is not piecewise linear is frozen at x: `tangent` by its Jacobian (b is what is left),
 * `gate` by its multiplicative factor.
 */
export type Policy = 'tangent' | 'gate';

/** Where a policy was needed. */
export interface PolicyUse {
  layer: string;
  policy: Policy;
}
