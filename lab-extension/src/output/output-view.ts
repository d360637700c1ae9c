/** What stands in an output: a node that draws again when the page has changed, and what can be taken out of it. */
export interface OutputView {
  readonly node: HTMLElement;
  /** A name for files. */
  readonly title: string;
  /** What is seen, in a few sentences, for a figure that stands alone. */
  readonly caption: string;
  /** Draws in the colors and the size of now: after a change of theme, and when the node has come into the page. */
  redraw(): void;
  /** What is shown as numbers, a table with a head. */
  toCsv(): string;
  /** What is shown as one array in NumPy's format NPY. */
  toNpy(): Uint8Array<ArrayBuffer>;
  dispose(): void;
}
