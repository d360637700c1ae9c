import type { Color, Range } from '../payload';

/** Panels side by side; more stand in further rows. */
export const PANELS_PER_ROW = 2;
/** Lines through up to this many points have a dot at each. */
export const MOST_DOTS = 30;
/** Matrices of up to this many rows and columns have the number written in each cell. */
export const MOST_WRITTEN_CELLS = 15;

/** A chart as plain data. The plotly figure, the picture and the text are all made from it, so they show the same numbers. */
export interface Chart {
  title: string;
  /** How much data is shown, and what was left out. */
  caption: string;
  panels: readonly Panel[];
}

/** A pair of axes and what is drawn between them. */
export interface Panel {
  title?: string;
  x: Axis;
  y: Axis;
  marks: readonly Mark[];
  /** What the colors of shaded points or cells stand for. */
  shades?: Shades;
}

export interface Axis {
  label: string;
  /** Names of the positions 0, 1, 2, … */
  categories?: readonly string[];
  log?: boolean;
  /** true: only whole numbers have ticks. */
  isWhole?: boolean;
  /** true: no space is left at its ends. */
  isTight?: boolean;
  /** true: values grow downward, as the rows of a matrix do. */
  downward?: boolean;
}

/** A scale from numbers to colors: blue below zero and orange above if `isSigned`, otherwise dark to bright. */
export interface Shades {
  label: string;
  range: Range;
  isSigned: boolean;
}

interface Series {
  /** Name in the legend; undefined: no entry there. */
  name?: string;
  color: Color;
}

/** A line through points. A point that is not finite leaves a gap. */
export interface LineMark extends Series {
  type: 'line';
  isDashed?: boolean;
  x: readonly number[];
  y: readonly number[];
}

export interface PointsMark extends Series {
  type: 'points';
  x: readonly number[];
  y: readonly number[];
  /** One name per point, shown when the pointer is on it. */
  names?: readonly string[];
  /** One number per point, shown as the color that `Panel.shades` gives it. */
  shade?: readonly number[];
}

/** Bars that start at zero. Each extends along the x axis from `from` to `to`. */
export interface BarsMark extends Series {
  type: 'bars';
  from: readonly number[];
  to: readonly number[];
  y: readonly number[];
  /** true: drawn so that other bars show through. */
  isOverlay?: boolean;
}

/** A box from the first to the third quartile, with whiskers to the last values within 1.5 times its height (Tukey 1977). */
export interface BoxMark extends Series {
  type: 'box';
  /** Position on the x axis. */
  at: number;
  label: string;
  count: number;
  low: number;
  quartiles: readonly [number, number, number];
  high: number;
  outliers: readonly number[];
}

/** A matrix of numbers as colors, row major. Cells that are not finite stay empty. */
export interface CellsMark extends Series {
  type: 'cells';
  rows: number;
  columns: number;
  values: readonly number[];
}

export type Mark = LineMark | PointsMark | BarsMark | BoxMark | CellsMark;
