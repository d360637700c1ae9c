/** The channels of an activation a and what each adds to the subject: F(x) = W·a + b. */
export interface Wall {
  layer: string;
  /** Of a: positions by channels, for example [14, 14, 16]. */
  shape: number[];
  /** Σ of all channels, and b. */
  linear: number;
  bias: number;
  /** Σ W∘a of every channel. */
  sums: Float32Array;
  /** Those with the largest |sums|, largest first, each with W∘a at its positions. */
  shown: { channel: number; values: Float32Array }[];
}

/** Who knows activations: the live kernel. */
export interface WallSource {
  /** @param rival null: class `index` alone. @throws RowsUnavailableError */
  channels(handle: string, layer: string, index: number, rival: number | null, most: number): Promise<Wall>;
}
