import { Signal, type ISignal } from '@lumino/signaling';
import { imageShape, type ImageShape, type Piece, type PathData } from 'piecewise/payload';
import { Asked } from '../live/asked';
import { NoAnswerError } from '../live/no-answer';
import type { PieceSource } from './piece-source';

/** What changed: `position` = t; `output` = the output that is explained; `piece` = what is known of W there. */
export type PathChange = 'position' | 'output' | 'piece';

/** When the slider has rested this long, W is asked for there, if it is shown. */
const REST_MS = 150;

/** A decision no farther away than this in t is at the slider. */
const NEAR = 1e-9;

/** Where on a path a person is, and which output is explained there. */
export class PathModel {
  /** null: the input is not an image. */
  readonly image: ImageShape | null;
  readonly piece = new Asked<Piece>(() => this.changes.emit('piece'));
  private at = 0;
  private chosen = 0;
  private shows = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private readonly changes = new Signal<this, PathChange>(this);

  /** @param source null: nobody can be asked for W */
  constructor(
    readonly path: PathData,
    private readonly source: PieceSource | null,
  ) {
    this.image = imageShape(path.from.shape);
  }

  get changed(): ISignal<this, PathChange> {
    return this.changes;
  }

  /** From 0 at x to 1 at x′. */
  get t(): number {
    return this.at;
  }

  /** The output that is explained: its index among the shown ones. */
  get output(): number {
    return this.chosen;
  }

  /** Whether W is shown wherever the slider rests. */
  get showsWeights(): boolean {
    return this.shows;
  }

  /** W at t, if it is here. */
  get weightsHere(): Piece | null {
    const { value } = this.piece;
    const fits = value && value.output === this.path.shown[this.chosen];
    return fits && value.begin <= this.at && this.at <= value.end ? value : null;
  }

  /** The index of the stretch between two saved breakpoints in which t lies. */
  get stretch(): number {
    return stretchOf(this.path.t, this.at);
  }

  /** Outputs at t, [K]. */
  get values(): number[] {
    return this.path.shown.map((_, k) => this.valueAt(this.at, k));
  }

  /** The k-th of the shown outputs at any t from 0 to 1. */
  valueAt(at: number, k: number): number {
    const { t, values, shown } = this.path;
    const i = stretchOf(t, at);
    const share = t[i + 1] > t[i] ? (at - t[i]) / (t[i + 1] - t[i]) : 0;
    const [from, to] = [values[i * shown.length + k], values[(i + 1) * shown.length + k]];
    return from + share * (to - from);
  }

  /** x + t·(x′ − x) */
  get input(): Float32Array {
    const { from, to } = this.path;
    return from.values.map((v, i) => v + this.at * (to.values[i] - v));
  }

  /** The largest of all C outputs at t; null: they are not classes. */
  get decision(): number | null {
    const { decides, decisions, shown } = this.path;
    if (!decides) return null;
    const past = decisions.filter(d => d.t <= this.at);
    if (past.length > 0) return past[past.length - 1].to;
    return decisions.length > 0 ? decisions[0].from : shown[0];
  }

  moveTo(t: number): void {
    const next = Math.min(1, Math.max(0, t));
    if (next === this.at) return;
    this.at = next;
    this.changes.emit('position');
    this.rest();
  }

  /** Moves to the middle of the previous or the next stretch. */
  step(by: 1 | -1): void {
    const { t } = this.path;
    const i = Math.min(t.length - 2, Math.max(0, this.stretch + by));
    this.moveTo((t[i] + t[i + 1]) / 2);
  }

  /** Moves to the previous or the next decision, if there is one. */
  stepDecision(by: 1 | -1): void {
    const decisions = this.path.decisions.map(d => d.t);
    const next =
      by > 0 ? decisions.find(t => t > this.at + NEAR) : decisions.findLast(t => t < this.at - NEAR);
    if (next !== undefined) this.moveTo(next);
  }

  look(output: number): void {
    this.chosen = output;
    this.changes.emit('output');
    this.rest();
  }

  showWeights(shows: boolean): void {
    this.shows = shows;
    this.changes.emit('piece');
    if (shows && !this.weightsHere) this.fetchPiece();
  }

  /** Also used to try again. */
  fetchPiece(): void {
    const { handle, shown, from } = this.path;
    void this.piece.ask(async () => {
      if (!this.source) throw NoAnswerError.withoutKernel();
      const found = await this.source.piece(handle, this.at, shown[this.chosen]);
      if (found.weights.length === from.values.length) return found;
      throw new NoAnswerError(
        'mismatch',
        `The kernel sent a W with ${found.weights.length} numbers, not ${from.values.length}.`,
      );
    });
  }

  dispose(): void {
    clearTimeout(this.resting);
    Signal.clearData(this);
  }

  private rest(): void {
    clearTimeout(this.resting);
    if (this.shows && !this.weightsHere) this.resting = setTimeout(() => this.fetchPiece(), REST_MS);
  }
}

/** The index of the last breakpoint at or before t, not counting the end. */
function stretchOf(breakpoints: Float32Array, t: number): number {
  let [low, high] = [0, breakpoints.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (breakpoints[middle] <= t) low = middle;
    else high = middle;
  }
  return low;
}
