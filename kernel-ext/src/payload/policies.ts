import { asFields, asList, asOneOf, asText, own } from './fields';

/** How a layer that is not piecewise linear was frozen at x: by its slope, or by its factor. */
export type Policy = 'tangent' | 'gate';

/** A layer at which a policy was needed. */
export interface PolicyUse {
  layer: string;
  policy: Policy;
}

/** More layers than any network has. */
export const MOST_LAYERS = 10_000;

/** @throws {MalformedPayloadError} */
export function readPolicies(value: unknown, field = 'policies'): PolicyUse[] {
  return asList(value, 0, MOST_LAYERS, field).map((entry, i) => {
    const use = asFields(entry, `${field}[${i}]`);
    return {
      layer: asText(own(use, 'layer'), `${field}[${i}].layer`),
      policy: asOneOf(own(use, 'policy'), ['tangent', 'gate'] as const, `${field}[${i}].policy`),
    };
  });
}
