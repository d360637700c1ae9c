import { Signal, type ISignal } from '@lumino/signaling';
import { NoAnswerError } from '../live/no-answer';
import type { ClassSums, DecodedArray, Decomposition, FetchedRow } from 'piecewise/payload';

/** Where the rows come from that are not saved in the notebook: the live kernel. */
export interface RowSource {
  /** Whether there is a kernel to ask now. */
  readonly isAvailable: boolean;
  /**
   * W_c for each index, D numbers each.
   * @param bias whether b by layer of these classes is wanted, too
   * @throws NoAnswerError, also when `signal` aborts
   */
  rows(handle: string, indices: readonly number[], bias: boolean, signal: AbortSignal): Promise<FetchedRow[]>;
}

/** absent: not asked for yet. */
export type RowStatus = 'ready' | 'loading' | 'absent' | { problem: NoAnswerError };

/** Beyond this many bytes, fetched rows push out the oldest ones; rows saved in the notebook stay. */
const CACHE_BYTES = 64 * 2 ** 20;

/**
 * How far the sums of W_c∘x of a fetched row may be from those that the payload carries, relative to Σ|w·x|. Inputs may be
 * quantized to 8 bits for display (1/510 of their range); a row of another input or network is off by far more.
 */
const SUM_TOLERANCE = 0.02;

/** A question on its way. */
interface Flight {
  classes: readonly number[];
  /** Whether it may be cancelled once other classes are looked at. */
  fleeting: boolean;
  controller: AbortController;
}

/** The rows of W that are here: those saved in the notebook, and those that a live kernel has sent. */
export class RowStore {
  private readonly fetched = new Map<number, DecodedArray>();
  private readonly fetchedSums = new Map<number, ClassSums>();
  private readonly states = new Map<number, RowStatus>();
  private readonly flights = new Set<Flight>();
  private readonly changes = new Signal<this, number>(this);
  private disposed = false;

  constructor(
    private readonly decomposition: Decomposition,
    private readonly source: RowSource | null,
  ) {}

  /** Fires with the class whose row has arrived, or whose status has changed. */
  get changed(): ISignal<this, number> {
    return this.changes;
  }

  /** Whether there is a kernel to ask now. */
  get isLive(): boolean {
    return this.source?.isAvailable ?? false;
  }

  get(c: number): DecodedArray | null {
    return this.decomposition.rows.get(c) ?? this.fetched.get(c) ?? null;
  }

  /** What x and each layer add to a class: saved in the notebook, or known since its row has arrived. */
  sums(c: number): ClassSums | null {
    return this.decomposition.sums.get(c) ?? this.fetchedSums.get(c) ?? null;
  }

  /** The classes whose rows are here, by logit, largest first. */
  present(): number[] {
    const here = new Set([...this.decomposition.rows.keys(), ...this.fetched.keys()]);
    return [...here].sort((i, j) => this.decomposition.output[j] - this.decomposition.output[i]);
  }

  status(c: number): RowStatus {
    return this.get(c) ? 'ready' : (this.states.get(c) ?? 'absent');
  }

  /**
   * Asks the kernel for the rows of `classes` that are neither here nor on their way. Never throws: see `status`.
   * @param fleeting whether `moveOn` may cancel the question
   */
  async request(classes: readonly number[], { fleeting = false } = {}): Promise<void> {
    const wanted = classes.filter(c => !this.get(c) && this.states.get(c) !== 'loading');
    if (wanted.length === 0) return;
    wanted.forEach(c => this.settle(c, 'loading'));
    const flight = { classes: wanted, fleeting, controller: new AbortController() };
    this.flights.add(flight);
    try {
      const rows = await this.fetch(wanted, flight.controller.signal);
      wanted.forEach((c, i) => this.keep(c, rows[i]));
    } catch (error) {
      // By now the rows of a cancelled question may have been asked for again.
      if (flight.controller.signal.aborted) return;
      const problem = NoAnswerError.from(error);
      wanted.filter(c => !this.get(c)).forEach(c => this.settle(c, { problem }));
    } finally {
      this.flights.delete(flight);
    }
  }

  /** Cancels fleeting questions that ask for none of the classes still looked at. */
  moveOn(needed: readonly number[]): void {
    for (const { classes, fleeting, controller } of this.flights) {
      if (!fleeting || controller.signal.aborted || classes.some(c => needed.includes(c))) continue;
      controller.abort();
      classes.forEach(c => this.settle(c, 'absent'));
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const { controller } of this.flights) controller.abort();
    Signal.clearData(this);
  }

  private async fetch(wanted: readonly number[], signal: AbortSignal): Promise<FetchedRow[]> {
    if (!this.source) throw NoAnswerError.withoutKernel();
    const lackSums = wanted.some(c => this.sums(c) === null);
    return this.source.rows(this.decomposition.handle, wanted, lackSums, signal);
  }

  private keep(c: number, { weights: values, biasByLayer }: FetchedRow): void {
    if (this.disposed) return;
    const { positive, negative } = this.verified(c, values);
    const { biasLayers, input, sums } = this.decomposition;
    this.fetched.set(c, { shape: input.shape, values, rounding: 0 });
    if (!sums.has(c) && biasByLayer?.length === biasLayers.length)
      this.fetchedSums.set(c, { positive, negative, biasByLayer });
    this.evict();
    this.settle(c, 'ready');
  }

  /**
   * The sums of W_c∘x. A kernel that has restarted could answer under the same handle for another input; the sums reveal it.
   * @throws NoAnswerError
   */
  private verified(c: number, values: Float32Array): Omit<ClassSums, 'biasByLayer'> {
    const { input, linear } = this.decomposition;
    let positive = 0;
    let negative = 0;
    if (values.length === input.values.length) {
      values.forEach((w, i) => {
        const product = w * input.values[i];
        if (product > 0) positive += product;
        else negative += product;
      });
      const saved = this.decomposition.sums.get(c);
      const allowed =
        SUM_TOLERANCE * (saved ? saved.positive - saved.negative : positive - negative) + Number.EPSILON;
      const isClose = saved
        ? Math.abs(positive - saved.positive) <= allowed && Math.abs(negative - saved.negative) <= allowed
        : Math.abs(positive + negative - linear[c]) <= allowed;
      if (isClose) return { positive, negative };
    }
    throw new NoAnswerError('mismatch', 'The kernel sent a row that does not belong to this output.');
  }

  private evict(): void {
    const rowBytes = 4 * this.decomposition.input.values.length;
    const most = Math.max(2, Math.floor(CACHE_BYTES / rowBytes));
    for (const c of this.fetched.keys()) {
      if (this.fetched.size <= most) return;
      this.fetched.delete(c);
      this.fetchedSums.delete(c);
      this.states.delete(c);
    }
  }

  private settle(c: number, status: RowStatus): void {
    if (this.disposed) return;
    this.states.set(c, status);
    this.changes.emit(c);
  }
}
