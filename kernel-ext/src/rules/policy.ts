import type { PolicyUse } from '../payload';

/**
 * How something that is not piecewise linear is frozen at x:
 *
 * - `tangent` by its slope: W is the Jacobian of F at x, and b is what each layer's tangent leaves over.
 * - `gate` by its multiplicative factor: φ(z)/z of an activation, the weights of attention, the scale of a normalization.
 *   Then b consists of the network's own parameters, and W·x + b = F(x) as well, but W is not the slope of F.
 *
 * Both are exact at x only. A factor that is not a product (a softmax that is added, a logarithm) has no gate; it keeps its tangent.
 */
export type Policy = 'tangent' | 'gate';

export const POLICIES: readonly Policy[] = ['tangent', 'gate'];

/** A policy for all layers, or one for each layer that is named; others get the default. */
export type PolicyChoice = Policy | Readonly<Record<string, Policy>>;

/** The slope is what most people mean by a linearization, and what other libraries compute. */
export const DEFAULT_POLICY: Policy = 'tangent';

export type { PolicyUse };

/** The policy of a layer. */
export function policyOf(choice: PolicyChoice = DEFAULT_POLICY, layer: string): Policy {
  if (typeof choice === 'string') return choice;
  return Object.hasOwn(choice, layer) ? choice[layer] : DEFAULT_POLICY;
}
