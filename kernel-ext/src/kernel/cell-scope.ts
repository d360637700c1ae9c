/** Holds one variable of the notebook under its own name: `{ units: 3 }`. */
export type Box = Record<string, unknown>;

/**
 * The variables of all cells. Each lives in a box of its own, for the notebook's whole life: a function of one cell sees
 * what a later cell assigns, and the engine's optimizer sees a plain property, however many variables there are.
 */
export class CellScope {
  private readonly boxes = new Map<string, Box>();

  /** What scripts get as `exports`: `exports.units` is the box of `units`. */
  readonly exports: Record<string, Box> = new Proxy({}, { get: (_, name) => this.box(String(name)) });

  /** Value of a variable; undefined: there is none. */
  get(name: string): unknown {
    return this.boxes.get(name)?.[name];
  }

  /** Value of a variable that is there only once, such as the last expression of a cell. */
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
