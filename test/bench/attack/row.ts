/** One line of the table that `npm run attack` prints. */
export interface Row {
  attack: string;
  /** How often it was tried. */
  tries: number;
  /** How often something was lost, wrong, left over or silent. */
  failures: number;
  /** What was measured, or the first failure. */
  note: string;
}

/** Collects what failed in the tries of one attack. */
export class Tally {
  private tries = 0;
  private readonly faults: string[] = [];

  constructor(private readonly attack: string) {}

  /** Counts one try. @param fault what went wrong; null if nothing did */
  count(fault: string | null): void {
    this.tries++;
    if (fault !== null) this.faults.push(fault);
  }

  /** @param note what to report if nothing failed */
  row(note = ''): Row {
    const { attack, tries, faults } = this;
    return {
      attack,
      tries,
      failures: faults.length,
      note: faults.length > 0 ? faults.join('; ').slice(0, 400) : note,
    };
  }
}
