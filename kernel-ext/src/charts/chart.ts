import type { Color, Range } from '../payload/colors';

/** A chart as plain data. Figure, picture and text are made from it, and so show the same numbers. */
export interface Chart {
  title: string;
  /** How much of what is shown, and what was left out. */
  caption: string;
  panels: readonly Panel[];
}

/** One pair of axes with what is drawn between them. */
export interface Panel {
  title?: string;
  x: Axis;
  y: Axis;
  marks: readonly Mark[];
  /** What the colors of shaded points or of cells stand for. */
  shades?: Shades;
}

export interface Axis {
  label: string;
  /** Names of the places 0, 1, 2, … */
  categories?: readonly string[];
  log?: boolean;
  /** true: there is nothing between whole numbers. */
  isWhole?: boolean;
  /** true: nothing is left free at its ends. */
  isTight?: boolean;
  /** true: the first place is at the top, as in a matrix. */
  downward?: boolean;
}

/** A scale from number to color: orange and blue around zero if `isSigned`, dark to bright otherwise. */
export interface Shades {
  label: string;
  range: Range;
  isSigned: boolean;
}

interface Series {
  /** What the legend calls it; undefined: it has no entry. */
  name?: string;
  color: Color;
}

/** A line through points; a place that is not finite is a gap. */
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
  /** One name a point, for who points at it. */
  names?: readonly string[];
  /** One number a point, shown as the color that `Panel.shades` gives it. */
  shade?: readonly number[];
}

/** Bars from zero, each between two places of the x axis. */
export interface BarsMark extends Series {
  type: 'bars';
  from: readonly number[];
  to: readonly number[];
  y: readonly number[];
  /** true: others stand behind it. */
  isOverlay?: boolean;
}

/** A box from the first to the third quartile, whiskers to the last values within 1.5 of its height (Tukey 1977). */
export interface BoxMark extends Series {
  type: 'box';
  at: number;
  label: string;
  count: number;
  low: number;
  quartiles: readonly [number, number, number];
  high: number;
  outliers: readonly number[];
}

/** A matrix of numbers as colors, row major; what is not finite is left empty. */
export interface CellsMark extends Series {
  type: 'cells';
  rows: number;
  columns: number;
  values: readonly number[];
}

export type Mark = LineMark | PointsMark | BarsMark | BoxMark | CellsMark;
