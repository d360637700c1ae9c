import type { ClassSums, Decomposition } from 'piecewise/payload';
import type { Instance, Row, Rows } from './instance';

/** What the views explain: one class i, or the difference of two, i − j, at x or at an edited x′. */
export interface Subject {
  /** 'i', or 'i − j'. */
  name: string;
  index: number;
  rival: number | null;
  /** F(x)_i, or F(x)_i − F(x)_j; null as long as the network has not answered for x′. */
  output: number | null;
  /** W·x; null where it is not known for x′. */
  linear: number | null;
  bias: number;
  /** Empty while it is not known. */
  biasByLayer: { layer: string; value: number }[];
  /** W_i or W_i − W_j, D numbers; null while a row is missing. */
  weights: Float32Array | null;
  /** Bound on the rounding of each weight; 0: exact float32. */
  rounding: number;
}

/** What a decomposition states about all classes. */
type Facts = Pick<Decomposition, 'labels' | 'bias' | 'biasLayers'>;

/**
 * @param instance x, or the edited x′ that the numbers belong to
 * @param rival the class that is subtracted; null: none
 */
export function subjectOf(
  d: Facts,
  rows: Rows,
  instance: Instance,
  index: number,
  rival: number | null,
): Subject {
  const of = (value: (c: number) => number | null) => {
    const [own, other] = [value(index), rival === null ? 0 : value(rival)];
    return own === null || other === null ? null : own - other;
  };
  const own = rows.get(index);
  const other = rival === null ? null : rows.get(rival);
  const [ofOwn, ofOther] = [rows.sums(index), rival === null ? undefined : rows.sums(rival)];
  return {
    name: rival === null ? d.labels[index] : `${d.labels[index]} − ${d.labels[rival]}`,
    index,
    rival,
    output: of(c => instance.output && instance.output[c]),
    linear: of(c => instance.linear(c)),
    bias: of(c => d.bias[c])!,
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
