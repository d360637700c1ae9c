import type { ClassSums, Decomposition, WhatIfReply } from 'piecewise/payload';

/** One instance under the linear map of x: x itself, or an edited x′. All numbers of a view belong to one instance. */
export interface Instance {
  /** 'x', or 'x′'. */
  name: string;
  /** [D] */
  input: Float32Array;
  /** F by the network, [C]; null as long as the network has not answered. */
  output: readonly number[] | null;
  /** W·x of a class; null where neither its row nor an answer of the kernel is here. */
  linear(c: number): number | null;
  /** What the instance and each layer add to a class; null where it is not known. */
  sums(c: number): ClassSums | null;
}

/** A row of W: D numbers, and a bound on the rounding of each; 0: exact float32. */
export interface Row {
  values: Float32Array;
  rounding: number;
}

/** What is here of the rows of W. */
export interface Rows {
  /** The row of a class; null while it is not here. */
  get(c: number): Row | null;
  /** What x and each layer add to a class; null while it is not known. */
  sums(c: number): ClassSums | null;
}

type Facts = Pick<Decomposition, 'input' | 'output' | 'bias' | 'linear'>;

/** x, as the notebook describes it. */
export function instanceAtX({ input, output, linear }: Facts, rows: Rows): Instance {
  return { name: 'x', input: input.values, output, linear: c => linear[c], sums: c => rows.sums(c) };
}

/**
 * An edited x′. Without an answer, W·x′ is computed from the rows that are here.
 * @param answer what the kernel has answered for this x′; null: nothing
 */
export function editedInstance(
  { bias }: Pick<Facts, 'bias'>,
  rows: Rows,
  input: Float32Array,
  answer: WhatIfReply | null,
): Instance {
  const known = new Map<number, ClassSums | null>();
  const sums = (c: number): ClassSums | null => {
    if (!known.has(c)) known.set(c, sumsAt(rows, c, input));
    return known.get(c)!;
  };
  const fromRow = (c: number) => {
    const own = sums(c);
    return own && own.positive + own.negative;
  };
  return {
    name: 'x′',
    input,
    output: answer && answer.output,
    linear: c => (answer ? answer.predicted[c] - bias[c] : fromRow(c)),
    sums,
  };
}

/** The sums of the positive and of the negative entries of W∘x′. b by layer is that of x. */
function sumsAt(rows: Rows, c: number, input: Float32Array): ClassSums | null {
  const weights = rows.get(c)?.values;
  if (!weights) return null;
  let [positive, negative] = [0, 0];
  weights.forEach((w, i) => {
    const product = w * input[i];
    if (product > 0) positive += product;
    else negative += product;
  });
  return { positive, negative, biasByLayer: rows.sums(c)?.biasByLayer ?? [] };
}
