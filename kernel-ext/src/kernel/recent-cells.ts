import { type CompiledCell, scriptName } from './traceback';

/** How much text of cells is kept for tracebacks, in characters; an error from an older cell has a message but no position. */
const MAX_CHARACTERS = 32 * 2 ** 20;

/** The latest cells, by the names of their scripts. */
export class RecentCells {
  private readonly cells = new Map<string, CompiledCell>();
  private count = 0;
  private characters = 0;

  /** @returns the name for the cell's script */
  add(cell: CompiledCell): string {
    const name = scriptName(++this.count);
    this.cells.set(name, cell);
    this.characters += sizeOf(cell);
    for (const [oldest, old] of this.cells) {
      if (this.characters <= MAX_CHARACTERS || oldest === name) break;
      this.cells.delete(oldest);
      this.characters -= sizeOf(old);
    }
    return name;
  }

  get(name: string): CompiledCell | undefined {
    return this.cells.get(name);
  }
}

const sizeOf = ({ source, output }: CompiledCell): number => source.length + output.length;
