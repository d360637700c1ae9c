import { Signal, type ISignal } from '@lumino/signaling';
import { imageShape, type ImageShape, type Piece, type PathData } from 'piecewise/payload';
import { Asked } from '../live/asked';
import { NoAnswerError } from '../live/no-answer';
import type { PieceSource } from './piece-source';

/** place = another t; output = another output is looked at; segment = what is known of W there. */
export type PathChange = 'position' | 'output' | 'piece';

/** A slider that rests so long asks for W there, if W is shown. */
const REST_MS = 150;

/** Nearer than this a decision is here. */
const NEAR = 1e-9;

/** Where on a path a person is, and what is looked at there. */
export class PathModel {
  /** null: the input is no image. */
  readonly image: ImageShape | null;
  readonly piece = new Asked<Piece>(() => this.changes.emit('piece'));
  private at = 0;
  private chosen = 0;
  private shows = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private readonly changes = new Signal<this, PathChange>(this);

  /** @param source null: nobody can be asked for W. */
  constructor(
    readonly path: PathData,
    private readonly source: PieceSource | null,
  ) {
    this.image = imageShape(path.from.shape);
  }

  get changed(): ISignal<this, PathChange> {
    return this.changes;
  }

  /** From 0 at x to 1 at x'. */
  get t(): number {
    return this.at;
  }

  /** The output that is looked at: its number among the shown ones. */
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

  /** The stretch between two places that t lies in, from 0. */
  get stretch(): number {
    return stretchOf(this.path.t, this.at);
  }

  /** Outputs at t, [K]. */
  get values(): number[] {
    return this.path.shown.map((_, k) => this.valueAt(this.at, k));
  }

  /** The k-th of the shown outputs at a t. */
  valueAt(place: number, k: number): number {
    const { t, values, shown } = this.path;
    const i = stretchOf(t, place);
    const share = t[i + 1] > t[i] ? (place - t[i]) / (t[i + 1] - t[i]) : 0;
    const [from, to] = [values[i * shown.length + k], values[(i + 1) * shown.length + k]];
    return from + share * (to - from);
  }

  /** x + t·(x' − x) */
  get input(): Float32Array {
    const { from, to } = this.path;
    return from.values.map((v, i) => v + this.at * (to.values[i] - v));
  }

  /** The largest output at t, of all C; null: they do not compete. */
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

  /** To the middle of the stretch before or behind. */
  step(by: 1 | -1): void {
    const { t } = this.path;
    const i = Math.min(t.length - 2, Math.max(0, this.stretch + by));
    this.moveTo((t[i] + t[i + 1]) / 2);
  }

  /** To the decision before or behind; if there is none, nowhere. */
  stepDecision(by: 1 | -1): void {
    const places = this.path.decisions.map(d => d.t);
    const next = by > 0 ? places.find(t => t > this.at + NEAR) : places.findLast(t => t < this.at - NEAR);
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

  /** Also the way to try again. */
  fetchPiece(): void {
    const { handle, shown, from } = this.path;
    void this.piece.ask(async () => {
      if (!this.source) throw NoAnswerError.withoutKernel();
      const found = await this.source.piece(handle, this.at, shown[this.chosen]);
      if (found.weights.length === from.values.length) return found;
      throw new NoAnswerError('mismatch', `W has ${found.weights.length} numbers.`);
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

/** The last place that is not behind a t, but for the end. */
function stretchOf(places: Float32Array, t: number): number {
  let [low, high] = [0, places.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle] <= t) low = middle;
    else high = middle;
  }
  return low;
}
