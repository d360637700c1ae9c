import { randomUUID } from 'node:crypto';

/** The things that were shown last, by handle, oldest first. They stay alive for their views. */
export class ShownThings<T> {
  private readonly things = new Map<string, T>();

  /**
   * @param most how many are kept
   * @param isGone whether a thing can no longer answer
   * @param isSame whether two things are the same for a view
   */
  constructor(
    private readonly most: number,
    private readonly isGone: (thing: T) => boolean = () => false,
    private readonly isSame: (a: T, b: T) => boolean = (a, b) => a === b,
  ) {}

  /** The handle under which `find` finds the thing: always the same one. */
  handleOf(thing: T): string {
    const { things } = this;
    const handle = [...things].find(([, known]) => this.isSame(known, thing))?.[0] ?? randomUUID();
    things.delete(handle);
    things.set(handle, thing);
    for (const [old, known] of things) if (things.size > this.most || this.isGone(known)) things.delete(old);
    return handle;
  }

  /** undefined: nothing is known under this handle any more. */
  find(handle: string): T | undefined {
    const thing = this.things.get(handle);
    return thing !== undefined && this.isGone(thing) ? undefined : thing;
  }
}
