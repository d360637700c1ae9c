import { NoAnswerError } from './no-answer';

/** One thing that the kernel is asked for. If it is asked several times, only the newest answer counts. */
export class Asked<T> {
  value: T | null = null;
  problem: NoAnswerError | null = null;
  isLoading = false;
  private newest = 0;

  /** @param changed called when a question goes out, and when its answer arrives or fails */
  constructor(private readonly changed: () => void) {}

  /** Whether there is an answer or a failure, or one is on its way. */
  get isAsked(): boolean {
    return this.value !== null || this.problem !== null || this.isLoading;
  }

  /** Sets what is known without asking; an answer still on its way is ignored. */
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
      if (mine === this.newest) this.settle(null, NoAnswerError.from(error));
    }
  }

  private settle(value: T | null, problem: NoAnswerError | null): void {
    this.value = value;
    this.problem = problem;
    this.isLoading = false;
    this.changed();
  }
}
