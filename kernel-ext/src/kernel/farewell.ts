import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * A file next to the connection file, for as long as a kernel runs. Jupyter restarts a kernel that died with the same
 * connection file, so the new kernel finds out what the old one ran last.
 */
export class Farewell {
  private readonly path: string;
  private left: string | null;

  constructor(connectionFile: string) {
    this.path = farewellFile(connectionFile);
    this.left = readIfThere(this.path);
    this.note('no cell');
  }

  /** Records what the kernel is about to run. */
  note(work: string): void {
    writeFileSync(this.path, work);
  }

  /** A message about a kernel that died before this one, the first time it is asked for; else the empty text. */
  obituary(): string {
    const { left } = this;
    this.left = null;
    return left === null
      ? ''
      : `The previous kernel ended unexpectedly; it last ran ${left}. It crashed, ran out of memory, or was killed. ` +
          'This is a new kernel, and the variables of all earlier cells are gone.\n';
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
