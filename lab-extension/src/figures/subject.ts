import type { ClassSums, Decomposition } from 'piecewise/payload';

/** What the views explain: one class i, or the difference of two, i − j. All numbers belong to that one row. */
export interface Subject {
  /** 'i', or 'i − j'. */
  name: string;
  index: number;
  rival: number | null;
  /** F(x)_i, or F(x)_i − F(x)_j. */
  output: number;
  /** W·x, from the sums that the payload carries. */
  linear: number;
  bias: number;
  /** Empty while it is not known. */
  biasByLayer: { layer: string; value: number }[];
  /** W_i or W_i − W_j, D numbers; null while a row is missing. */
  weights: Float32Array | null;
  /** Bound on the rounding of each weight; 0: exact float32. */
  rounding: number;
}

/** A row of W: D numbers, and a bound on the rounding of each; 0: exact float32. */
export interface Row {
  values: Float32Array;
  rounding: number;
}

/** What a decomposition states about all classes. */
type Facts = Pick<Decomposition, 'labels' | 'output' | 'bias' | 'linear' | 'biasLayers'>;

/** What is here of the rows of W. */
export interface Rows {
  /** The row of a class; null while it is not here. */
  get(c: number): Row | null;
  /** What x and each layer add to a class; null while it is not known. */
  sums(c: number): ClassSums | null;
}

/** @param rival the class that is subtracted; null: none */
export function subjectOf(d: Facts, rows: Rows, index: number, rival: number | null): Subject {
  const of = (values: readonly number[]) => values[index] - (rival === null ? 0 : values[rival]);
  const own = rows.get(index);
  const other = rival === null ? null : rows.get(rival);
  const [ofOwn, ofOther] = [rows.sums(index), rival === null ? undefined : rows.sums(rival)];
  return {
    name: rival === null ? d.labels[index] : `${d.labels[index]} − ${d.labels[rival]}`,
    index,
    rival,
    output: of(d.output),
    linear: of(d.linear),
    bias: of(d.bias),
    biasByLayer: ofOwn === null || ofOther === null ? [] : layersOf(d.biasLayers, ofOwn, ofOther),
    weights: weightsOf(own, rival === null ? undefined : other),
    rounding: (own?.rounding ?? 0) + (other?.rounding ?? 0),
  };
}

function layersOf(layers: readonly string[], own: ClassSums, other: ClassSums | undefined) {
  return layers.map((layer, i) => ({
    layer,
    value: own.biasByLayer[i] - (other?.biasByLayer[i] ?? 0),
  }));
}

function weightsOf(own: Row | null, other: Row | null | undefined): Float32Array | null {
  if (!own || other === null) return null;
  return other === undefined ? own.values : own.values.map((w, i) => w - other.values[i]);
}
