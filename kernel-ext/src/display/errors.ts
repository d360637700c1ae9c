import { PiecewiseError } from '../errors';
import { nearestNames } from '../errors/nearest-names';

/** No output has this label. */
export class UnknownLabelError extends PiecewiseError {
  constructor(
    readonly label: string,
    readonly labels: readonly string[],
    command = 'plot',
  ) {
    super(
      `${command}: there is no class '${label}'. The classes are ${listed(labels)}; pass one of these names or an index.`,
    );
  }
}

/** There are more outputs than a page can list. */
export class ManyOutputsError extends PiecewiseError {
  constructor(
    readonly outputs: number,
    readonly most: number,
    /** One sentence: what to do. */
    advice: string,
  ) {
    const [count, limit] = [outputs, most].map(n => n.toLocaleString('en'));
    super(`plot: F(x) has ${count} outputs, more than the ${limit} that a page can list. ${advice}`);
  }
}

/** The first names of many. */
const listed = (labels: readonly string[]): string =>
  labels.length <= 20
    ? labels.join(', ')
    : `${labels.slice(0, 20).join(', ')} and ${labels.length - 20} more`;

/** The `side` of images is not a positive whole number. */
export class ImageSideError extends PiecewiseError {
  constructor(readonly side: number) {
    super(`plot: side is ${side}; pass the longest side of an image in pixels, a positive whole number.`);
  }
}

/** `plot` cannot show this kind of thing. */
export class NotPlottableError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `plot: got ${received}. It takes a linearization, an embedding, images [H, W], [H, W, C] or [N, H, W, C], ` +
        `numbers, columns by name, records, a model, the history of a training, or a plotly figure {data, layout}. ` +
        `Reshape or convert it first.`,
    );
  }
}

/** A value in what `plot` got cannot be shown. */
export class PlotValueError extends PiecewiseError {
  constructor(
    /** Where the value is, for example `data[0].x`; empty for the thing itself. */
    readonly at: string,
    readonly received: string,
    remedy: string,
  ) {
    super(`plot: ${at === '' ? 'it got' : `${at} is`} ${received}. ${remedy}`);
  }
}

/** The number of entries in a column or a list of names differs from the number of points or rows. */
export class ColumnLengthError extends PiecewiseError {
  constructor(
    readonly column: string,
    readonly received: number,
    readonly points: number,
    unit = 'points',
    command = 'plot',
  ) {
    super(
      `${command}: ${column} has ${received} entries for ${points} ${unit}; pass one entry for each of them, in the order of the data.`,
    );
  }
}

/** A table has no column of this name. */
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

/** A chart of this kind cannot be drawn from these data. */
export class ChartDataError extends PiecewiseError {
  constructor(
    readonly kind: string,
    readonly wanted: string,
  ) {
    super(
      `plot: a chart of kind '${kind}' needs ${wanted}. Choose other columns with x and y, choose another kind, or convert the strings to numbers first.`,
    );
  }
}

/** This kind of chart does not exist, or does not suit the data. */
export class ChartKindError extends PiecewiseError {
  constructor(
    readonly kind: string,
    readonly subject: string,
    readonly kinds: readonly string[],
  ) {
    super(`plot: kind is '${kind}'; ${subject} can be drawn as ${kinds.join(', ')}.`);
  }
}

/** The number of bins of a histogram is not a whole number from 1 to 1,000. */
export class BinCountError extends PiecewiseError {
  constructor(readonly bins: number) {
    super(`plot: bins is ${bins}; pass the number of bins of the histogram, a whole number from 1 to 1,000.`);
  }
}

/** `saveNumbers` cannot write this kind of thing, or cannot write it into this file. */
export class NumbersError extends PiecewiseError {
  constructor(
    readonly received: string,
    readonly wanted: string,
    cause?: unknown,
  ) {
    super(`saveNumbers: got ${received}. It needs ${wanted}.`, { cause });
  }
}

/** A figure cannot be written into a file of this name. */
export class FigureFileError extends PiecewiseError {
  /** @param wanted what the name has to be, in words */
  constructor(
    readonly file: string,
    readonly wanted: string,
  ) {
    super(`plot: got the file '${file}'. It needs ${wanted}.`);
  }
}

/** A slice cannot be colored by this. */
export class SliceColorError extends PiecewiseError {
  constructor(
    readonly color: string,
    readonly colors: readonly string[],
  ) {
    super(`plot: color is '${color}'; a slice can be colored by ${colors.join(', ')}.`);
  }
}
