/** What an output shows: a node that draws again when the page has changed, and what can be exported from it. */
export interface OutputView {
  readonly node: HTMLElement;
  /** A name for files. */
  readonly title: string;
  /** What is shown, in a few sentences, for a figure that stands alone. */
  readonly caption: string;
  /** Draws in the current colors and size: after a change of theme, and when the node has entered the page. */
  redraw(): void;
  /** What is shown as numbers, a table with a header. */
  toCsv(): string;
  /** What is shown as one array in NumPy's NPY format. */
  toNpy(): Uint8Array<ArrayBuffer>;
  dispose(): void;
}

/**
 * Makes the view of a payload that anybody may have written.
 * @param standing the view that is in the output now; it may be returned if it has taken over the new payload.
 * @throws MalformedPayloadError, UnknownVersionError
 */
export type ShowOutput = (payload: unknown, standing: OutputView | null) => OutputView;
