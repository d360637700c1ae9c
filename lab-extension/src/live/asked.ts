import { RowsUnavailableError } from './row-store';

/** One thing that is asked of the kernel at a time: of several questions only the newest one's answer counts. */
export class Asked<T> {
  value: T | null = null;
  problem: RowsUnavailableError | null = null;
  isLoading = false;
  private newest = 0;

  /** @param changed called when the question is out, and when its answer is in or will not come */
  constructor(private readonly changed: () => void) {}

  /** Whether there is an answer, or will be, or none came. */
  get isAsked(): boolean {
    return this.value !== null || this.problem !== null || this.isLoading;
  }

  /** What is known without asking. */
  set(value: T | null): void {
    this.newest++;
    this.settle(value, null);
  }

  /** Never throws: see `problem`. */
  async ask(question: () => Promise<T>): Promise<void> {
    const mine = ++this.newest;
    this.value = null;
    this.problem = null;
    this.isLoading = true;
    this.changed();
    try {
      const value = await question();
      if (mine === this.newest) this.settle(value, null);
    } catch (error) {
      const problem = error instanceof RowsUnavailableError;
      const message = error instanceof Error ? error.message : String(error);
      if (mine === this.newest)
        this.settle(null, problem ? error : new RowsUnavailableError('failed', message));
    }
  }

  private settle(value: T | null, problem: RowsUnavailableError | null): void {
    this.value = value;
    this.problem = problem;
    this.isLoading = false;
    this.changed();
  }
}
