import { OptionError } from '../errors';
import { isFloat } from './numbers';
import type { OnnxValueInfo } from './value-info';

/** What is done to an input before the network. */
export interface Normalize {
  /** One for each channel, or one for all. */
  mean: number | readonly number[];
  std: number | readonly number[];
  /** What x is multiplied by first, such as 1/255 for pixels from 0 to 255. Default: 1. */
  scale?: number;
}

/** Where the channels of an image are: before or after its height and width. */
export type Layout = 'NCHW' | 'NHWC';

/** An affine step in front of a network: x · factor + offset, by channel. */
export class Normalization {
  /** Scale and shift of each channel, or of all. */
  readonly factor: Float32Array;
  readonly offset: Float32Array;

  /**
   * @param input the input that is normalized.
   * @param axis the axis of its channels.
   */
  constructor(
    readonly input: string,
    private readonly axis: number,
    { mean, std, scale = 1 }: Normalize,
  ) {
    const [means, deviations] = [mean, std].map(list);
    const channels = Math.max(means.length, deviations.length);
    const of = (values: readonly number[], i: number) => values[values.length === 1 ? 0 : i];
    const each = Array.from({ length: channels }, (_, i) => i);
    this.factor = Float32Array.from(each, i => scale / of(deviations, i));
    this.offset = Float32Array.from(each, i => (0 - of(means, i)) / of(deviations, i));
  }

  /** The shape in which factor and offset act on an input. */
  shapeFor(shape: readonly number[]): number[] {
    return this.factor.length === 1 ? [] : shape.map((d, i) => (i === this.axis ? d : 1));
  }

  /** What the network gets. Each step is rounded to float32, as in a network. */
  apply(x: ArrayLike<number>, shape: readonly number[]): { scaled: Float32Array; shifted: Float32Array } {
    const inner = shape.slice(this.axis + 1).reduce((a, b) => a * b, 1);
    const channel = (i: number) => Math.floor(i / inner) % this.factor.length;
    const scaled = Float32Array.from(x, (value, i) => value * this.factor[channel(i)]);
    return { scaled, shifted: scaled.map((value, i) => value + this.offset[channel(i)]) };
  }
}

const list = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value] : value;

/**
 * Finds the input and the axis that a normalization is meant for: the only input of floats whose channels are as many as there are means.
 * @throws OptionError
 */
export function normalizationFor(
  inputs: readonly OnnxValueInfo[],
  normalize: Normalize,
  layout: Layout | undefined,
): Normalization {
  const refuse = (wanted: string) => new OptionError('loadOnnx', 'normalize', normalize, wanted);
  const lengths = [normalize.mean, normalize.std].map(value => list(value).length).filter(n => n !== 1);
  if (new Set(lengths).size > 1) throw refuse('as many means as standard deviations, one for each channel');
  const channels = lengths[0] ?? 1;
  const fitting = inputs.flatMap(({ name, type, shape }) => {
    if (!isFloat(type)) return [];
    const axes = axesOf(shape, channels, layout);
    return axes.map(axis => ({ name, axis }));
  });
  if (fitting.length === 1) return new Normalization(fitting[0].name, fitting[0].axis, normalize);
  const shapes = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  if (fitting.length === 0)
    throw refuse(`one number, or one for each channel of an input; the inputs are ${shapes}`);
  throw refuse(
    `to fit one axis of one input, and ${shapes} leaves a choice; tell it with {layout: 'NCHW'} or {layout: 'NHWC'}`,
  );
}

/** The axes that may hold the channels: the second or the last one. With a single mean, any axis will do. */
function axesOf(
  shape: readonly (number | string)[],
  channels: number,
  layout: Layout | undefined,
): readonly number[] {
  const last = shape.length - 1;
  if (channels === 1) return [last];
  const candidates = layout === undefined ? [1, last] : [layout === 'NCHW' ? 1 : last];
  return [...new Set(candidates)].filter(axis => shape[axis] === channels);
}
