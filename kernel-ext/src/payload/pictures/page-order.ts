import { imageShape } from './image-shape';
import { signalShape } from './signal-shape';

/** Numbers of one instance, or one name for each. */
type Entries = Float32Array | string[];

/** Shape of one instance, and which of its axes holds the channels. */
export interface Axes {
  readonly shape: readonly number[];
  readonly channelAxis: number;
}

/**
 * In which order pages get the numbers of one instance. A network may take images with channels first, [C, H, W]; pages get all
 * images with channels last, [H, W, C]. It may take signals with channels last, [T, C]; pages get all signals with channels first,
 * [C, T], one row per channel. Everything else is in the same order on both sides.
 */
export class PageOrder {
  /** Of one instance on the page. */
  readonly shape: readonly number[];
  /** Whether the network takes images with channels first, so that the page has another order than the network. */
  readonly isChannelsFirst: boolean;
  /** Whether the network takes signals with channels last, so that the page has another order than the network. */
  readonly isChannelsLast: boolean;
  /** Whether this is a signal by its shape. */
  readonly isSignal: boolean;
  /** Of one instance in the network. */
  readonly own: readonly number[];

  constructor({ shape: own, channelAxis }: Axes) {
    const [channels, height, width] = own;
    const image = [height, width, channels];
    const signal = signalShape(own, channelAxis);
    this.own = own;
    this.isChannelsFirst = own.length === 3 && channelAxis === 0 && imageShape(image) !== null;
    this.isSignal = signal !== null;
    this.isChannelsLast = signal !== null && channelAxis === 1;
    this.shape = this.isChannelsFirst ? image : signal ? [signal.channels, signal.steps] : own;
  }

  /**
   * The order of an instance that a page got.
   * @param shape on the page.
   * @param channels where the network has the channels, if not where the page has them.
   */
  static onPage(shape: readonly number[], channels?: 'first' | 'last'): PageOrder {
    if (channels === 'first' && shape.length === 3)
      return new PageOrder({ shape: [shape[2], shape[0], shape[1]], channelAxis: 0 });
    if (channels === 'last' && shape.length === 2)
      return new PageOrder({ shape: [shape[1], shape[0]], channelAxis: 1 });
    return new PageOrder({ shape, channelAxis: shape.length === 2 ? 0 : shape.length - 1 });
  }

  /** Numbers or names of one instance in the order of the page. */
  toPage<T extends Entries>(entries: T): T {
    return isTurned(this) ? transposed(entries, this.own[0]) : entries;
  }

  /** Numbers or names of one instance in the order of the network. */
  toNetwork<T extends Entries>(entries: T): T {
    return isTurned(this) ? transposed(entries, entries.length / this.own[0]) : entries;
  }
}

const isTurned = ({ isChannelsFirst, isChannelsLast }: PageOrder): boolean =>
  isChannelsFirst || isChannelsLast;

/** A matrix of so many rows, row major, with rows and columns exchanged. */
function transposed<T extends Entries>(entries: T, rows: number): T {
  const columns = entries.length / rows;
  const result = entries.slice() as T;
  for (let i = 0; i < entries.length; i++)
    result[(i % columns) * rows + Math.floor(i / columns)] = entries[i];
  return result;
}
