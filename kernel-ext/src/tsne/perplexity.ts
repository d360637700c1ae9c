/** Tolerance of log-perplexity, as in scikit-learn and van der Maaten's programs. */
export const PERPLEXITY_TOLERANCE = 1e-5;
const MOST_STEPS = 200;

/**
 * Conditional probabilities p(j|i) ∝ exp(−β·d²) of one point, with β found by bisection so that they have the desired
 * perplexity (van der Maaten & Hinton 2008, section 2).
 *
 * @param squared squared distances to the neighbors
 * @param into receives the probabilities, which sum to 1
 * @returns the remaining difference in log-perplexity. It exceeds the tolerance only if no β reaches the desired
 *   perplexity: if more neighbors than the perplexity are at exactly the smallest distance, and share everything.
 */
export function conditionalProbabilities(
  squared: Float64Array,
  perplexity: number,
  into: Float64Array,
): number {
  const nearest = squared.reduce((a, b) => Math.min(a, b), Infinity);
  const wanted = Math.log(perplexity);
  // A first guess in the unit of the data.
  const mean = squared.reduce((a, b) => a + b - nearest, 0) / squared.length;
  let beta = mean > 0 ? 1 / mean : 1;
  let low = 0;
  let high = Infinity;
  let difference = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    difference = entropyAt(beta, squared, nearest, into) - wanted;
    if (Math.abs(difference) <= PERPLEXITY_TOLERANCE || !Number.isFinite(2 * beta)) break;
    if (difference > 0) low = beta;
    else high = beta;
    beta = high === Infinity ? 2 * beta : (low + high) / 2;
  }
  return Math.abs(difference);
}

/** The entropy, in nats, of p ∝ exp(−β·(d² − nearest)), whose values are written to `into`. */
function entropyAt(beta: number, squared: Float64Array, nearest: number, into: Float64Array): number {
  let sum = 0;
  let weighted = 0;
  for (let j = 0; j < squared.length; j++) {
    const exponent = beta * (squared[j] - nearest);
    into[j] = Math.exp(-exponent);
    sum += into[j];
    if (into[j] > 0) weighted += exponent * into[j];
  }
  for (let j = 0; j < into.length; j++) into[j] /= sum;
  return Math.log(sum) + weighted / sum;
}
