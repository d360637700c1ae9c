import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { numbers } from '../rules/case';

/** Sizes of a transformer: activations are [tokens, width]. */
export interface TransformerSizes {
  tokens: number;
  width: number;
  heads: number;
  /** Width of the dense layers inside a block. */
  hidden: number;
  blocks: number;
  outputs: number;
}

interface Block {
  norms: [Affine, Affine];
  /** Width of queries, keys and values. */
  projections: Tensor[];
  output: Affine;
  inner: Affine;
  outer: Affine;
}

/** v·weights + bias, or v∘weights + bias. */
interface Affine {
  weights: Tensor;
  bias: Tensor;
}

/** Weights that depend only on the order in which they are created, sized so that activations keep their size. */
class Weights {
  /** All of them, in that order. */
  readonly all: Tensor[] = [];

  affine(from: number, to: number): Affine {
    return { weights: this.matrix(from, to), bias: this.vector(to) };
  }

  matrix(from: number, to: number): Tensor {
    // A power of two, so that a reference in float64 has the same number without rounding.
    const scale = 2 ** -Math.round(Math.log2(from) / 2);
    return this.kept(numbers(tf, [from, to], this.all.length + 2).mul(scale));
  }

  vector(size: number): Tensor {
    return this.kept(numbers(tf, [size], this.all.length + 2));
  }

  norm(width: number): Affine {
    return { weights: this.vector(width), bias: this.vector(width) };
  }

  private kept(weights: Tensor): Tensor {
    this.all.push(weights);
    return weights;
  }
}

/**
 * A vision transformer (arXiv 2010.11929) with the mean over tokens as its last activation: image patches, positions, blocks
 * and a head.
 * @param image [height, width, channels]; patches of `side` × `side` must cover it.
 */
export function visionTransformer(
  image: [number, number, number],
  side: number,
  sizes: Omit<TransformerSizes, 'tokens'>,
): ((x: Tensor) => Tensor) & { weights: readonly Tensor[] } {
  const [height, width, channels] = image;
  const tokens = (height / side) * (width / side);
  const weights = new Weights();
  const patches = weights.affine(side * side * channels, sizes.width);
  const filter = patches.weights.reshape([side, side, channels, sizes.width]) as tf.Tensor4D;
  const encode = encoder({ ...sizes, tokens }, weights);
  const run = (x: Tensor) => {
    const seen = tf.conv2d(x.reshape([1, ...image]) as tf.Tensor4D, filter, side, 'valid');
    return encode(seen.reshape([tokens, sizes.width]).add(patches.bias), null).mean(0);
  };
  return Object.assign(run, { weights: weights.all });
}

/**
 * A text transformer like GPT: no token sees those after it, and the last one gives the answer.
 * @returns a function of the tokens' embeddings, [tokens, width].
 */
export function textTransformer(sizes: TransformerSizes): (x: Tensor) => Tensor {
  const { tokens } = sizes;
  const encode = encoder(sizes, new Weights());
  const ahead = Array.from({ length: tokens ** 2 }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -Infinity : 0,
  );
  const mask = tf.tensor2d(ahead, [tokens, tokens]);
  return x => encode(x, mask).slice([tokens - 1, 0], [1, -1]);
}

function encoder(sizes: TransformerSizes, weights: Weights) {
  const { tokens, width, hidden } = sizes;
  const positions = weights.matrix(tokens, width);
  const blocks = Array.from({ length: sizes.blocks }, (): Block => {
    const norms: Block['norms'] = [weights.norm(width), weights.norm(width)];
    const projections = [1, 2, 3].map(() => weights.matrix(width, width));
    const output = weights.affine(width, width);
    return {
      norms,
      projections,
      output,
      inner: weights.affine(width, hidden),
      outer: weights.affine(hidden, width),
    };
  });
  const last = weights.norm(width);
  const head = weights.affine(width, sizes.outputs);
  return (x: Tensor, mask: Tensor | null) => {
    const encoded = blocks.reduce((v, block) => blockOf(v, block, sizes.heads, mask), x.add(positions));
    return affine(normalized(encoded, last), head);
  };
}

function blockOf(
  x: Tensor,
  { norms, projections, output, inner, outer }: Block,
  heads: number,
  mask: Tensor | null,
) {
  const y = x.add(affine(attended(normalized(x, norms[0]), projections, heads, mask), output));
  return y.add(affine(gelu(affine(normalized(y, norms[1]), inner)), outer));
}

function attended(x: Tensor, projections: Tensor[], heads: number, mask: Tensor | null): Tensor {
  const [tokens, width] = x.shape;
  const apart = (v: Tensor) => v.reshape([tokens, heads, width / heads]).transpose([1, 0, 2]);
  const [q, k, v] = projections.map(matrix => apart(tf.matMul(x, matrix)));
  const scores = tf.matMul(q, k, false, true).mul(Math.sqrt(heads / width));
  const attention = tf.softmax(mask === null ? scores : scores.add(mask));
  return tf.matMul(attention, v).transpose([1, 0, 2]).reshape([tokens, width]);
}

const affine = (x: Tensor, { weights, bias }: Affine) => tf.matMul(x, weights).add(bias);

const gelu = (x: Tensor) => x.mul(0.5).mul(tf.erf(x.div(Math.SQRT2)).add(1));

function normalized(x: Tensor, { weights, bias }: Affine): Tensor {
  const centered = x.sub(x.mean(-1, true));
  const scale = tf.rsqrt(centered.square().mean(-1, true).add(1e-3));
  return centered.mul(scale).mul(weights).add(bias);
}
