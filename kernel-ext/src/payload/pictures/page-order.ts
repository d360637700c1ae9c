import { imageShape } from './image-shape';

/** Numbers of one instance, or one name for each. */
type Entries = Float32Array | string[];

/** Shape of one instance, and which of its axes holds the channels. */
export interface Axes {
  readonly shape: readonly number[];
  readonly channelAxis: number;
}

/**
 * In which order pages get the numbers of one instance. A network may take images with channels first, [C, H, W]; pages get all
 * images with channels last, [H, W, C]. Everything else is in the same order on both sides.
 */
export class PageOrder {
  /** Of one instance on the page. */
  readonly shape: readonly number[];
  /** Whether the network takes images with channels first, so that the page has another order than the network. */
  readonly isChannelsFirst: boolean;
  /** Of one instance in the network. */
  readonly own: readonly number[];

  constructor({ shape: own, channelAxis }: Axes) {
    const [channels, height, width] = own;
    const shape = [height, width, channels];
    this.own = own;
    this.isChannelsFirst = own.length === 3 && channelAxis === 0 && imageShape(shape) !== null;
    this.shape = this.isChannelsFirst ? shape : own;
  }

  /**
   * The order of an instance that a page got.
   * @param shape on the page.
   */
  static onPage(shape: readonly number[], isChannelsFirst: boolean): PageOrder {
    const [height, width, channels] = shape;
    return isChannelsFirst && shape.length === 3
      ? new PageOrder({ shape: [channels, height, width], channelAxis: 0 })
      : new PageOrder({ shape, channelAxis: shape.length - 1 });
  }

  /** Numbers or names of one instance in the order of the page. */
  toPage<T extends Entries>(entries: T): T {
    return this.isChannelsFirst ? transposed(entries, this.own[0]) : entries;
  }

  /** Numbers or names of one instance in the order of the network. */
  toNetwork<T extends Entries>(entries: T): T {
    return this.isChannelsFirst ? transposed(entries, entries.length / this.own[0]) : entries;
  }
}

/** A matrix of so many rows, row major, with rows and columns exchanged. */
function transposed<T extends Entries>(entries: T, rows: number): T {
  const columns = entries.length / rows;
  const result = entries.slice() as T;
  for (let i = 0; i < entries.length; i++)
    result[(i % columns) * rows + Math.floor(i / columns)] = entries[i];
  return result;
}
