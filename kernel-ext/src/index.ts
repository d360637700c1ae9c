/** The public names of `piecewise`, in the order of the flow. */
export type { Model } from './capture/source';
export type { Policy, PolicyUse } from './rules/policy';
export { LinearMap } from './linear-map/linear-map';
export { linearize, type LinearizeOptions } from './linearize';
export { Linearization, type LayerBias, type Residual } from './linearization';
export * from './errors';
