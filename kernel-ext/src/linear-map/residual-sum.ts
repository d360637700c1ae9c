import type { Residual } from '../payload';

export type { Residual };

/**
 * Share of Σ|terms| of an output above which a difference is more than rounding. The largest seen on the networks of
 * test/linearize and test/linear-map is 2.2e-6.
 */
const ROUNDING = 1e-4;

/**
 * Share of √Σterms² above which ⟨u, W·v⟩ and ⟨Wᵀu, v⟩ differ by more than rounding, which adds up like a random walk. The
 * largest seen on the networks of the tests is 6.5e-7. An entry of W that is wrong by its own size makes about 1/√(C·D),
 * 8e-5 for 1,000 outputs at 224 × 224 × 3.
 */
const TRANSPOSE_ROUNDING = 1e-5;

/** Share of Σ|terms| that is rounding of float64, in which sums are taken. */
const DOUBLE_ROUNDING = 2 ** -46;

/** An output at one instance: F(x) by the model, W·x, Σ|W_ck·x_k|, and b computed in one or several ways. */
interface Output {
  y: number;
  product: number;
  terms: number;
  biases: readonly number[];
}

/** Both sides of ⟨u, W·v⟩ = ⟨Wᵀu, v⟩. */
interface Transposes {
  u: Float32Array;
  /** W·v */
  product: Float32Array;
  /** Wᵀu */
  row: Float32Array;
  v: Float32Array;
  /** F(x): where W is almost zero, rounding errors are of the size of F(x). */
  y: Float32Array;
}

/** Collects how far W·x + b is from F(x), over outputs and instances. Sums are taken in float64. */
export class ResidualSum {
  private absolute = 0;
  private largest = 0;
  /** The largest Σ|terms| of an output. */
  private mostTerms = 0;
  /** The output that is furthest off, as a share of its terms. */
  private worst = { share: 0, instance: 0, output: 0, error: 0 };
  /** The instance whose transposes disagree the most. */
  private disagreement = { share: 0, instance: 0 };

  /** If there are several b, the one that is furthest off counts. */
  addOutput(at: { instance: number; output: number }, { y, product, terms, biases }: Output): void {
    const error = Math.max(...biases.map(b => Math.abs(y - product - b)));
    this.absolute = Math.max(this.absolute, error);
    this.largest = Math.max(this.largest, Math.abs(y));
    const whole = terms + Math.max(...biases.map(Math.abs)) + Math.abs(y);
    this.mostTerms = Math.max(this.mostTerms, whole);
    const share = error === 0 ? 0 : error / whole;
    if (!(share <= this.worst.share)) this.worst = { share, ...at, error };
  }

  /**
   * @param isInput whether v is x; a disagreement at another v counts only if it is more than rounding, since W·v may be much
   *   larger than F(x).
   */
  addTransposes(instance: number, isInput: boolean, { u, product, row, v, y }: Transposes): void {
    const [left, right] = [sumsOf(u, product), sumsOf(row, v)];
    const difference = Math.abs(left.sum - right.sum);
    const error = difference <= DOUBLE_ROUNDING * (left.magnitude + right.magnitude) ? 0 : difference;
    const share = error === 0 ? 0 : error / (left.size + right.size + sumsOf(u, y).size);
    if (!(share <= this.disagreement.share)) this.disagreement = { share, instance };
    // A fault may lie in a single output, so it counts in full; rounding counts only as the share of one output.
    if (!(share <= TRANSPOSE_ROUNDING)) this.absolute = Math.max(this.absolute, error);
    else if (isInput) this.absolute = Math.max(this.absolute, error / sumsOf(u, u).sum ** 0.5);
  }

  /** Float32 has 24 binary digits: near v its values lie 2^(⌊log2 v⌋ − 23) apart. */
  get residual(): Residual {
    const { absolute } = this;
    if (absolute === 0) return { absolute, relative: 0, ulps: 0 };
    if (!Number.isFinite(absolute)) return { absolute: Infinity, relative: Infinity, ulps: Infinity };
    // Where terms cancel to exactly 0, rounding is a share of the terms, not of F(x).
    const whole = this.largest || this.mostTerms || absolute;
    const ulp = 2 ** (Math.floor(Math.log2(whole)) - 23);
    return { absolute, relative: absolute / whole, ulps: absolute / ulp };
  }

  /** What to log if the map does not add up to what the model computes; null if it does. */
  get warning(): string | null {
    const { share, instance, output, error } = this.worst;
    if (!(share <= ROUNDING))
      return (
        `Piecewise: W·x + b is not what the model computes. Output ${output} of input ${instance} is off by ` +
        `${error.toPrecision(3)}, ${share.toPrecision(2)} of the terms that it is the sum of, where float32 rounding stays ` +
        `below ${ROUNDING}. ${ADVICE}`
      );
    const { disagreement } = this;
    if (!(disagreement.share <= TRANSPOSE_ROUNDING))
      return (
        `Piecewise: rows of W are not those of the network at input ${disagreement.instance}. ⟨u, W·v⟩ and ⟨Wᵀu, v⟩ differ by ` +
        `${disagreement.share.toPrecision(2)} of their size, where float32 rounding stays below ${TRANSPOSE_ROUNDING}. ${ADVICE}`
      );
    return null;
  }
}

const ADVICE =
  'Do not trust this map. Does the model behave differently from call to call (due to dropout or random numbers), or does x ' +
  "lie where float32 overflows? Otherwise please report it with the model's summary.";

/** Σ a·b, Σ|a·b| and √Σ(a·b)². */
function sumsOf(a: Float32Array, b: Float32Array): { sum: number; magnitude: number; size: number } {
  let [sum, magnitude, squares] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const term = a[i] * b[i];
    sum += term;
    magnitude += Math.abs(term);
    squares += term * term;
  }
  return { sum, magnitude, size: Math.sqrt(squares) };
}
