import { PiecewiseError } from '../errors';
import { nearestNames } from '../errors/nearest-names';

/** A class name that the outputs do not have. */
export class UnknownLabelError extends PiecewiseError {
  constructor(
    readonly label: string,
    readonly labels: readonly string[],
    command = 'plot',
  ) {
    super(
      `${command}: there is no class '${label}'. The classes are ${labels.join(', ')}; name one of them or give its index.`,
    );
  }
}

/** A size of images that is none. */
export class ImageSideError extends PiecewiseError {
  constructor(readonly side: number) {
    super(`plot: side is ${side}; give the longest side of an image in pixels, a whole number from 1 on.`);
  }
}

/** Something that `plot` has no picture for. */
export class NotPlottableError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `plot: got ${received}. It wanted a linearization, an embedding, images [H, W], [H, W, C] or [N, H, W, C], ` +
        `numbers, columns by name, records, a model, the history of a training, or a plotly figure {data, layout}. ` +
        `Reshape or convert it first.`,
    );
  }
}

/** Columns or names that are not one a point or row. */
export class ColumnLengthError extends PiecewiseError {
  constructor(
    readonly column: string,
    readonly received: number,
    readonly points: number,
    unit = 'points',
    command = 'plot',
  ) {
    super(
      `${command}: ${column} has ${received} entries for ${points} ${unit}; give one each, in the order of the data.`,
    );
  }
}

/** A name that no column of a table has. */
export class UnknownColumnError extends PiecewiseError {
  constructor(
    readonly column: string,
    readonly columns: readonly string[],
  ) {
    const near = nearestNames(column, columns);
    const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
    super(`plot: there is no column '${column}'. The columns are ${columns.join(', ')}.${hint}`);
  }
}

/** Data that a kind of chart cannot draw. */
export class ChartDataError extends PiecewiseError {
  constructor(
    readonly kind: string,
    readonly wanted: string,
  ) {
    super(
      `plot: '${kind}' wants ${wanted}. Name another column with x or y, choose another kind, or turn texts into numbers first.`,
    );
  }
}

/** A kind of chart that there is not, or not for this. */
export class ChartKindError extends PiecewiseError {
  constructor(
    readonly kind: string,
    readonly subject: string,
    readonly kinds: readonly string[],
  ) {
    super(`plot: kind is '${kind}'; ${subject} can be drawn as ${kinds.join(', ')}.`);
  }
}

/** A number of bins that is none. */
export class BinCountError extends PiecewiseError {
  constructor(readonly bins: number) {
    super(`plot: bins is ${bins}; give how many bins the histogram has, a whole number from 1 to 1,000.`);
  }
}

/** Something, or a kind of file, that `saveNumbers` has no numbers for. */
export class NumbersError extends PiecewiseError {
  constructor(
    readonly received: string,
    readonly wanted: string,
    cause?: unknown,
  ) {
    super(`saveNumbers: got ${received}. It wanted ${wanted}.`, { cause });
  }
}

/** A coloring of a slice that there is not. */
export class SliceColorError extends PiecewiseError {
  constructor(
    readonly color: string,
    readonly colors: readonly string[],
  ) {
    super(`plot: color is '${color}'; a slice can be colored by ${colors.join(', ')}.`);
  }
}
