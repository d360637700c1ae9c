import { needed, type Graph } from './graph';
import { Rewriter, type Rewrite } from './rewriter';
import { clipped, rectifiedFirst } from './rewrites/clip';
import { biasIntoConvolution, crop, scaleIntoWeights } from './rewrites/convolution';
import { sharedFactorsFirst, sharedFactorsSummed, sharedFactorsThroughReshape } from './rewrites/factors';
import { firstOfFew, largestOfFew } from './rewrites/maximum';
import { permutationsLast } from './rewrites/permutation';
import { reshapesLast } from './rewrites/reshape';

/** Nodes of a graph to feed and to compute, by name. */
export interface Part {
  graph: Graph;
  inputs: Readonly<Record<string, number>>;
  outputs: Readonly<Record<string, number>>;
}

/**
 * The same part with fewer operations, as a graph of its own: constant scales (batch normalization) move into the
 * weights that they meet, what a gate lets through is clipped, factors that all rows share are multiplied with each other
 * first, and what is cut off the result of a transposed convolution is not computed. Results differ by rounding only.
 *
 * @param numbers the values of a constant of the graph, by its index.
 */
export function simplified(part: Part, numbers: (index: number) => Float32Array): Part {
  let simple = rewritten(part, numbers, PASSES[0]);
  for (const rules of PASSES.slice(1)) simple = rewritten(simple, valuesIn(simple.graph), rules);
  return simple;
}

/** Rules that look for what others write come after these. */
const PASSES: readonly (readonly Rewrite[])[] = [
  [permutationsLast],
  [scaleIntoWeights, crop, clipped, largestOfFew],
  [rectifiedFirst, sharedFactorsFirst, firstOfFew],
  [biasIntoConvolution, sharedFactorsThroughReshape],
  [sharedFactorsSummed],
  [reshapesLast],
];

function rewritten(
  { graph, inputs, outputs }: Part,
  numbers: (index: number) => Float32Array,
  rules: readonly Rewrite[],
): Part {
  const fed = new Set(Object.values(inputs));
  const wanted = Object.values(outputs);
  const writer = new Rewriter(graph, needed(graph, fed, [...fed, ...wanted]), fed, wanted, numbers);
  const ids = writer.run(rules);
  const renamed = (names: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(names).map(([name, id]) => [name, ids.get(id)!]));
  return { graph: writer.graph, inputs: renamed(inputs), outputs: renamed(outputs) };
}

/** Constants of a rewritten graph hold their numbers. */
const valuesIn = (graph: Graph) => (index: number) =>
  (graph.constants[index] as { values: Float32Array }).values;
