/** The kinds of chart. */
export type ChartKind = 'line' | 'scatter' | 'bar' | 'histogram' | 'heatmap' | 'box';

/** Options of a chart. */
export interface ChartView {
  /**
   * 'line', 'scatter', 'bar', 'histogram', 'heatmap' or 'box'. By default the data decide: bars for up to 30 numbers and
   * for names, a line for more numbers and where x only grows, a histogram for one column of a table, boxes where there
   * are several numbers per name, and points for two columns of numbers. A matrix or images: 'image'.
   */
  kind?: ChartKind | 'image';
  /** The x axis: the name of a column, or the values themselves. Default: the position, or the first column. */
  x?: string | ArrayLike<number | string>;
  /** The y axis: the names of one or several columns. For a heat map of a matrix: names of its rows. Default: all other columns. */
  y?: string | readonly string[];
  /** The column that decides the colors: one per value, or shades from low to high if it has many different numbers. */
  color?: string;
  /** Labels of the axes, ideally with a unit: 'time [s]'. Default: the names of the columns. */
  xLabel?: string;
  yLabel?: string;
  title?: string;
  /** One sentence below the title. Default: how much data is shown, and what was left out. */
  caption?: string;
  /** Axes with a logarithmic scale. Default: none. */
  log?: 'x' | 'y' | 'xy';
  /** Number of bins of a histogram, 1 to 1,000. Default: by the rule of Freedman and Diaconis, between 10 and 60. */
  bins?: number;
}
