import { OptionError } from '../errors';
import { fitProgress } from './fit-progress';
import { ProgressBar, type ProgressOptions } from './progress-bar';

/** Anything that `for (… of …)` or `for await (… of …)` accepts. */
type Countable<T> = Iterable<T> & { length?: number; size?: number };

/** Shows the progress of long work with its rate and remaining time, at most ten times per second. */
export interface ProgressCommand {
  /** Iterates over `things` and shows how many are done: `for (const image of progress(images)) …` */
  <T>(things: Countable<T>, options?: ProgressOptions): Generator<T, void, undefined>;
  <T>(things: AsyncIterable<T>, options?: ProgressOptions): AsyncGenerator<T, void, undefined>;
  /** A bar that the caller advances: `const bar = progress.bar({ total: 100 }); bar.advance(); bar.finish();` */
  bar(options?: ProgressOptions): ProgressBar;
  /** A callback for training: `model.fit(x, y, { epochs, callbacks: [progress.fit()] })` */
  fit: typeof fitProgress;
}

function isAsync<T>(things: Iterable<T> | AsyncIterable<T>): things is AsyncIterable<T> {
  const isIterable = Symbol.iterator in Object(things) || Symbol.asyncIterator in Object(things);
  if (!isIterable)
    throw new OptionError(
      'progress',
      'the first argument',
      things,
      'an array, a set, or something else to iterate over',
    );
  return Symbol.asyncIterator in Object(things);
}

function* counted<T>(things: Countable<T>, options: ProgressOptions): Generator<T, void, undefined> {
  const bar = new ProgressBar({ total: things.length ?? things.size, ...options });
  try {
    for (const thing of things) {
      yield thing;
      bar.advance();
    }
    bar.finish();
  } finally {
    bar.stop();
  }
}

async function* countedAsync<T>(
  things: AsyncIterable<T>,
  options: ProgressOptions,
): AsyncGenerator<T, void, undefined> {
  const bar = new ProgressBar(options);
  try {
    for await (const thing of things) {
      yield thing;
      bar.advance();
    }
    bar.finish();
  } finally {
    bar.stop();
  }
}

/**
 * Shows how far long work is: a bar below the cell, one line in a terminal, with rate and remaining time. Goes through
 * things: `for (const image of progress(images, { label: 'Rows of W' })) …`; is moved by hand: `progress.bar({ total })`;
 * follows a training: `model.fit(x, y, { callbacks: [progress.fit()] })`. Shown at most ten times a second.
 *
 * @param things to go through, an array, a set, or any iterable or async iterable
 * @param options label, total (default: length or size of `things`), unit
 *
 * @example
 * for (const image of progress(images, { label: 'images' })) use(image);
 */
export const progress: ProgressCommand = Object.assign(
  ((things: Countable<unknown> | AsyncIterable<unknown>, options: ProgressOptions = {}) =>
    isAsync(things) ? countedAsync(things, options) : counted(things, options)) as ProgressCommand,
  {
    bar: (options: ProgressOptions = {}) => new ProgressBar(options),
    fit: fitProgress,
  },
);
