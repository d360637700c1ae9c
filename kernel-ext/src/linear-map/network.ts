import type { Tensor } from '@tensorflow/tfjs';
import type { Operator } from './operator';
import type { Work } from './work';

/** What each entry of an activation that a layer shifts adds to one output. */
export interface BiasTerms {
  layer: string;
  /** [N, ...activation] */
  terms: Tensor;
  /** Which axis of one activation holds the channels. */
  channelAxis: number;
}

/** The layers that shift anything, in order, and what each of them adds to R outputs, [P, N·R]; the caller disposes it. */
export interface BiasByLayer {
  layers: string[];
  bias: Tensor;
}

/** Rows of W, [R, N·D], and b of their outputs by layer; the caller disposes both. */
export interface RowsAndBias extends BiasByLayer {
  rows: Tensor;
}

/** What the network does at another input. */
export interface Elsewhere {
  /** F there, [N·C]; the caller disposes it. */
  output: Tensor;
  /** How many units switch differently, and how many there are. */
  switched: number;
  units: number;
}

/** A network with its gates fixed at x: W as an operator, F(x), and b with its sources. */
export interface Network extends Operator {
  /** F(x) and b, [N·C]; they live until `dispose()`. */
  readonly output: Tensor;
  readonly bias: Tensor;
  /** What W acts on if that is an activation in between and not x; lives until `dispose()`. */
  readonly activation: Tensor | null;
  /** Whether all of W lies in memory. */
  readonly isWritten: boolean;
  /** b as the frozen network gives it on zero, [N·C], however `bias` was computed. The caller disposes it. */
  pushedBias(): Promise<Tensor>;
  /**
   * The parts of b by layer: zero pushed forward once per layer, with only the shifts of that layer, or each output pulled back
   * once to the shifts of all layers, whichever takes fewer passes.
   * @param indices outputs; default: all C.
   */
  biasByLayer(indices?: readonly number[], work?: Work): Promise<BiasByLayer>;
  /** Rows of W and the parts of b that belong to them, in one pass if both are pulled back. */
  rowsAndBias(indices: readonly number[], work?: Work): Promise<RowsAndBias>;
  /**
   * uᵀW and uᵀb by layer for one weighting u of the outputs, as `rowsAndBias` gives them for one output.
   * @param u [1, N·C]; it stays the caller's.
   */
  weighted(u: Tensor, work?: Work): Promise<RowsAndBias>;
  /**
   * b at one output, entry by entry of what is shifted.
   * @returns for each shift, in order; the caller disposes the tensors.
   */
  biasTerms(index: number): Promise<BiasTerms[]>;
  /**
   * F at another input, compared with the gates at x.
   * @param x, other [N, ...instance] as the model takes them; they stay the caller's.
   */
  elsewhere(x: Tensor, other: Tensor): Promise<Elsewhere>;
  /** Frees what it holds. */
  dispose(): void;
}
