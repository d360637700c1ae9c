/** The channels of an activation a and what each adds to the subject: F(x) = W·a + b. */
export interface Channels {
  layer: string;
  /** Shape of a: positions, then channels; for example [14, 14, 16]. */
  shape: number[];
  /** The sum over all channels, and b. */
  linear: number;
  bias: number;
  /** Σ W∘a of every channel. */
  sums: Float32Array;
  /** Those with the largest |sums|, largest first, each with W∘a at its positions. */
  shown: { channel: number; values: Float32Array }[];
}
