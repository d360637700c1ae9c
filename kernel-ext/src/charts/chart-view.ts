/** How data can be drawn. */
export type ChartKind = 'line' | 'scatter' | 'bar' | 'histogram' | 'heatmap' | 'box';

/** How a chart is drawn. */
export interface ChartView {
  /**
   * 'line', 'scatter', 'bar', 'histogram', 'heatmap' or 'box'. Default, from the data: bars for up to 30 numbers and for
   * names, a line for more numbers and where x only grows, a histogram for one column of a table, boxes where numbers
   * come several to a name, points for two columns of numbers. Of a matrix or images: 'image'.
   */
  kind?: ChartKind | 'image';
  /** What runs to the right: the name of a column, or the values themselves. Default: the position, or the first column. */
  x?: string | ArrayLike<number | string>;
  /** What runs upward: the names of one or several columns. Of a heat map of a matrix: names of its rows. Default: all others. */
  y?: string | readonly string[];
  /** The column whose values have a color each; of many numbers, shades from low to high. */
  color?: string;
  /** What stands at the axes, best with its unit: 'time [s]'. Default: the names of the columns. */
  xLabel?: string;
  yLabel?: string;
  title?: string;
  /** One sentence below the title. Default: how much is shown, and what was left out. */
  caption?: string;
  /** Axes that count in powers of ten. Default: none. */
  log?: 'x' | 'y' | 'xy';
  /** How many bins a histogram has, 1 to 1,000. Default: by the rule of Freedman and Diaconis, 10 to 60. */
  bins?: number;
}
