import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * A file beside the connection file, for as long as a kernel runs. Jupyter starts a kernel that died anew on the same
 * connection file, and the new one finds what the old one ran last.
 */
export class Farewell {
  private readonly path: string;
  private left: string | null;

  constructor(connectionFile: string) {
    this.path = farewellFile(connectionFile);
    this.left = readIfThere(this.path);
    this.note('no cell');
  }

  /** Notes what the kernel is about to run. */
  note(work: string): void {
    writeFileSync(this.path, work);
  }

  /** What there is to say about a kernel that died before this one, once; else the empty text. */
  obituary(): string {
    const { left } = this;
    this.left = null;
    return left === null
      ? ''
      : `The kernel ended without a farewell; the last that it ran was ${left}. It crashed, ran out of memory, or was killed. ` +
          'This is a new one: the variables of all earlier cells are gone.\n';
  }

  say(): void {
    rmSync(this.path, { force: true });
  }
}

export function farewellFile(connectionFile: string): string {
  return `${connectionFile}.running`;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
