import { randomUUID } from 'node:crypto';

/** The most recently shown things by handle, oldest first. They are kept alive for their views. */
export class ShownThings<T> {
  private readonly things = new Map<string, T>();

  /**
   * @param most how many things are kept
   * @param isGone whether a thing can no longer answer
   * @param isSame whether a view would show two things alike
   */
  constructor(
    private readonly most: number,
    private readonly isGone: (thing: T) => boolean = () => false,
    private readonly isSame: (a: T, b: T) => boolean = (a, b) => a === b,
  ) {}

  /** The handle under which `find` returns the thing. The same thing always has the same handle. */
  handleOf(thing: T): string {
    const { things } = this;
    const handle = [...things].find(([, known]) => this.isSame(known, thing))?.[0] ?? randomUUID();
    things.delete(handle);
    things.set(handle, thing);
    for (const [old, known] of things) if (things.size > this.most || this.isGone(known)) things.delete(old);
    return handle;
  }

  /** The thing of this handle; undefined if it is no longer kept. */
  find(handle: string): T | undefined {
    const thing = this.things.get(handle);
    return thing !== undefined && this.isGone(thing) ? undefined : thing;
  }
}
