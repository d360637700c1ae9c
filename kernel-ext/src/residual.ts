/** max|F(x) − (W·x + b)|, also relative to max|F(x)| and in units in the last place of max|F(x)| (float32). */
export interface Residual {
  absolute: number;
  relative: number;
  ulps: number;
}

/**
 * Share of Σ|terms| of an output above which a difference is no rounding. The largest seen on the networks of
 * test/linearize and test/linear-map is 2.2e-6.
 */
const ROUNDING = 1e-4;

/** Collects |F(x)_c − (W_c·x + b_c)| over outputs c and instances. Sums are taken in float64. */
export class ResidualSum {
  private absolute = 0;
  private largest = 0;
  /** The output that is off by most, as a share of its terms. */
  private worst = { share: 0, instance: 0, output: 0, error: 0 };

  /**
   * One output at one instance.
   * @param biases b, and b computed in another way; the one that is further off counts.
   */
  add(
    at: { instance: number; output: number },
    y: number,
    row: Float32Array,
    x: Float32Array,
    ...biases: readonly number[]
  ): void {
    let sum = 0;
    let terms = Math.max(...biases.map(Math.abs)) + Math.abs(y);
    for (let k = 0; k < x.length; k++) {
      const term = row[k] * x[k];
      sum += term;
      terms += Math.abs(term);
    }
    const error = Math.max(...biases.map(b => Math.abs(y - sum - b)));
    this.absolute = Math.max(this.absolute, error);
    this.largest = Math.max(this.largest, Math.abs(y));
    const share = error === 0 ? 0 : error / terms;
    if (!(share <= this.worst.share)) this.worst = { share, ...at, error };
  }

  /** Float32 has 24 binary digits: near v its values lie 2^(⌊log2 v⌋ − 23) apart. */
  get residual(): Residual {
    const { absolute, largest } = this;
    if (absolute === 0) return { absolute, relative: 0, ulps: 0 };
    const ulp = 2 ** (Math.floor(Math.log2(largest)) - 23);
    return { absolute, relative: absolute / largest, ulps: largest === 0 ? Infinity : absolute / ulp };
  }

  /** What is to be said if the map does not add up to what the model computes; null if it does. */
  get warning(): string | null {
    const { share, instance, output, error } = this.worst;
    if (share <= ROUNDING) return null;
    return (
      `Piecewise: W·x + b is not what the model computes. Output ${output} of input ${instance} is off by ` +
      `${error.toPrecision(3)}, ${share.toPrecision(2)} of the terms that it is the sum of, where float32 rounding stays ` +
      `below ${ROUNDING}. Do not trust this map. Does the model behave differently from call to call (dropout that is on, ` +
      `random numbers), or does x lie where float32 overflows? Otherwise please report it with the model's summary.`
    );
  }
}
