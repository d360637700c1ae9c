/** Holds one variable of the notebook under its own name: `{ units: 3 }`. */
export type Box = Record<string, unknown>;

/**
 * The variables of all cells. Each has a box of its own for as long as the notebook runs. So a function of one cell sees
 * what a later cell assigns, and the JavaScript engine optimizes a plain property, however many variables there are.
 */
export class CellScope {
  private readonly boxes = new Map<string, Box>();

  /** What scripts get as `exports`: `exports.units` is the box of `units`. */
  readonly exports: Record<string, Box> = new Proxy({}, { get: (_, name) => this.box(String(name)) });

  /** Value of a variable; undefined if there is none. */
  get(name: string): unknown {
    return this.boxes.get(name)?.[name];
  }

  /** Removes a variable, such as the last expression of a cell, and returns its value. */
  take(name: string): unknown {
    const value = this.get(name);
    this.boxes.delete(name);
    return value;
  }

  private box(name: string): Box {
    let box = this.boxes.get(name);
    if (!box) this.boxes.set(name, (box = { [name]: undefined }));
    return box;
  }
}
