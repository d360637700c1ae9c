import { Signal, type ISignal } from '@lumino/signaling';
import { panned, seeing, wholeFrame, zoomed, type Frame } from '../figures/frame';
import {
  imageShape,
  isLargeImage,
  nameOfEntry,
  partAt,
  superpixels,
  type ImageShape,
  type Decomposition,
  type Superpixels,
  type WhatIfReply,
} from 'piecewise/payload';
import { editedInstance, instanceAtX, type Instance } from '../figures/instance';
import { counterpart, selectionOf, type Pixel, type Selection } from '../figures/selection';
import { subjectOf, type Subject } from '../figures/subject';
import { swapped } from '../image-tools/edit';
import type { Delay } from '../live/delay';
import { WhatIf, type WhatIfChange } from '../live/what-if';
import { canRun, type Source } from './decomposition-source';
import { KernelAnswers } from './kernel-answers';
import { lookOf, PLAIN_LOOK, type Look } from './look';
import { RowStore } from './row-store';

/**
 * What changed: `subject` = the class, its rival or a row; `input` = the edited x′; `numbers` = the instance that all numbers
 * belong to; `answer` = what is known of x′; `pointer` = cursor, brush, highlight, or the visible part of the image; `look` = how
 * the images are drawn; `channels` = the layer whose channels are shown, or what is known of them; `validity` = what is known of
 * how far the map is exact; `delay` = why an answer takes long.
 */
export type Change =
  'subject' | 'input' | 'numbers' | 'answer' | 'pointer' | 'look' | 'channels' | 'validity' | 'delay';

/** What a person has chosen in one view, and the rows that the view has. All parts of the view read from here alone. */
export class DecompositionModel {
  readonly rows: RowStore;
  readonly answers: KernelAnswers;
  readonly whatIf: WhatIf<WhatIfReply>;
  /** The input as an image; a signal has one row of pixels per channel, and any other input is a single row. */
  readonly shape: ImageShape;
  readonly isImage: boolean;
  /** The input is a photograph rather than a digit: its pixels are too small to be read one by one. */
  readonly isLarge: boolean;
  private readonly changes = new Signal<this, Change>(this);
  private chosen: number;
  private opponent: number | null = null;
  private readonly original: Instance;
  private edited: Instance | null = null;
  private explained: Subject | null = null;
  private looks: Look;
  private seen: Frame;
  private parts: Superpixels | null = null;
  private pixel: number | null = null;
  private brushed: Selection | null = null;
  private outlined: Selection | null = null;

  /**
   * @param source null: nobody can be asked, and only what is saved is shown
   * @param look how the view begins; what is missing is as in PLAIN_LOOK
   */
  constructor(
    readonly decomposition: Decomposition,
    private readonly source: Source | null,
    look: Partial<Look> = {},
  ) {
    this.chosen = decomposition.first;
    const { shape, values } = decomposition.input;
    const { signal } = decomposition;
    const image = signal ? null : imageShape(shape);
    this.isImage = image !== null;
    this.shape = image ?? {
      height: signal?.channels ?? 1,
      width: signal?.steps ?? values.length,
      channels: 1,
    };
    this.seen = wholeFrame(this.shape);
    this.isLarge = image !== null && isLargeImage(image);
    this.looks = image ? lookOf(image, look) : { ...PLAIN_LOOK, ...look };
    this.partition();
    this.rows = new RowStore(decomposition, source);
    this.original = instanceAtX(decomposition, this.rows);
    this.rows.changed.connect(() => this.changeSubject());
    this.answers = new KernelAnswers(
      decomposition.handle,
      source,
      () => this,
      change => this.changes.emit(change),
    );
    this.whatIf = new WhatIf(decomposition.handle, canRun(source) ? source : null);
    this.whatIf.changed.connect((_, change) => this.onEdit(change));
    source?.delayed?.connect(this.onDelayed, this);
  }

  get changed(): ISignal<this, Change> {
    return this.changes;
  }

  get selected(): number {
    return this.chosen;
  }

  /** The class with which the selected one is contrasted; null: none. */
  get rival(): number | null {
    return this.opponent;
  }

  /**
   * The instance that all numbers belong to: x, or x′ while x is edited. While the hand moves, it is the newest x′ for which
   * the network has answered, so that no view mixes two inputs.
   */
  get shown(): Instance {
    const { decomposition, rows, whatIf } = this;
    if (!whatIf.input) return this.original;
    const { input, answer } = whatIf.answered ?? { input: whatIf.input, answer: null };
    this.edited ??= editedInstance(decomposition, rows, input, answer);
    return this.edited;
  }

  /** x, which the views draw behind an edited x′; null while x itself is shown. */
  get ghost(): Instance | null {
    return this.whatIf.input && this.original;
  }

  /** x, or x′ while it is edited: what the images and the reading show. */
  get input(): Float32Array {
    return this.whatIf.input ?? this.decomposition.input.values;
  }

  get look(): Readonly<Look> {
    return this.looks;
  }

  /** The visible part of the image. */
  get frame(): Frame {
    return this.seen;
  }

  get isZoomed(): boolean {
    return this.seen.width < this.shape.width;
  }

  /** The superpixels whose contributions are summed; null: each pixel stands for itself. */
  get superpixels(): Superpixels | null {
    return this.parts;
  }

  /** Position in the image (row × width + column) or in the vector; null: nothing is pointed at. */
  get cursor(): number | null {
    return this.pixel;
  }

  get brush(): Selection | null {
    return this.brushed;
  }

  /** What sums are over: the brush, else the superpixel that is pointed at; null: all of x. */
  get summed(): Selection | null {
    if (this.brushed || !this.parts || this.pixel === null) return this.brushed;
    return selectionOf(partAt(this.parts, this.pixel), this.shape.width);
  }

  /** What `swap` would exchange the brush with: the same form around the cursor; null: nothing. */
  get counterpart(): Selection | null {
    const { brushed, pixel, shape } = this;
    if (this.looks.tool !== 'swap' || !brushed || pixel === null) return null;
    return counterpart(brushed, { row: Math.floor(pixel / shape.width), column: pixel % shape.width }, shape);
  }

  /** What another part of the view points at, for example a part of the waterfall. */
  get highlight(): Selection | null {
    return this.outlined;
  }

  /** The class, or the difference of two classes, that is shown now, at the instance that is shown. */
  get subject(): Subject {
    this.explained ??= this.subjectAt(this.shown);
    return this.explained;
  }

  /** What is shown, at x or at x′. */
  subjectAt(instance: Instance): Subject {
    return subjectOf(this.decomposition, this.rows, instance, this.chosen, this.opponent);
  }

  /** Why an answer of the kernel takes long; null: none is late. */
  get delay(): Delay | null {
    return this.source?.delay ?? null;
  }

  /** The rows that the subject needs. */
  get needed(): number[] {
    return this.opponent === null ? [this.chosen] : [this.chosen, this.opponent];
  }

  /** What a position of the input is called: its row and column, its channel and time, or its name. */
  nameOf(at: number): string {
    const { isImage, shape, decomposition } = this;
    if (!isImage) return nameOfEntry(at, decomposition);
    return `row ${Math.floor(at / shape.width)}, column ${at % shape.width}`;
  }

  select(c: number): void {
    if (c === this.chosen || c < 0 || c >= this.decomposition.output.length) return;
    this.chosen = c;
    if (this.opponent === c) this.opponent = null;
    this.ask();
  }

  contrast(c: number | null): void {
    this.opponent = c === this.chosen ? null : c;
    this.ask();
  }

  change(look: Partial<Look>): void {
    this.looks = { ...this.looks, ...look };
    if (look.pooling) this.partition();
    this.changes.emit('look');
  }

  /** @param factor above 1: nearer. @param at the pixel that stays where it is seen; default: the middle. */
  zoom(factor: number, at?: Pixel): void {
    const { top, left, height, width } = this.seen;
    const middle = { row: top + height / 2, column: left + width / 2 };
    this.see(zoomed(this.seen, this.shape, factor, at ?? middle));
    if (!this.isZoomed && this.looks.tool === 'move') this.change({ tool: 'box' });
  }

  pan(rows: number, columns: number): void {
    this.see(panned(this.seen, this.shape, rows, columns));
  }

  pointAt(position: number | null): void {
    if (position === this.pixel) return;
    this.pixel = position;
    this.changes.emit('pointer');
  }

  /** Moves the view as little as it takes to see a pixel. */
  reveal(pixel: Pixel): void {
    this.see(seeing(this.seen, this.shape, pixel));
  }

  brushOver(selection: Selection | null): void {
    this.brushed = selection;
    this.changes.emit('pointer');
  }

  /** Exchanges the brush with its counterpart. The brush moves along, and the box becomes the tool again. */
  swap(): void {
    const { brushed, counterpart: other } = this;
    if (!brushed || !other) return;
    this.whatIf.edit(swapped(this.input, this.shape, brushed, other));
    this.brushed = other;
    this.change({ tool: 'box' });
  }

  outline(selection: Selection | null): void {
    this.outlined = selection;
    this.changes.emit('pointer');
  }

  /** Asks the kernel for the rows that the subject lacks; also used to try again after a failure. */
  fetchNeeded(): void {
    void this.rows.request(this.needed, { fleeting: true });
  }

  dispose(): void {
    this.rows.dispose();
    this.whatIf.dispose();
    this.answers.dispose();
    Signal.clearData(this);
  }

  private onEdit(change: WhatIfChange): void {
    const { whatIf, answers, decomposition } = this;
    answers.follow(whatIf.input, decomposition.exact);
    // Numbers of an earlier x′ stay until there are newer ones.
    const isPending = change === 'input' && whatIf.input !== null && whatIf.answered !== null;
    if (!isPending) this.forget();
    this.changes.emit(change);
    if (!isPending) this.changes.emit('numbers');
  }

  private onDelayed(): void {
    this.changes.emit('delay');
  }

  private ask(): void {
    this.answers.contrastEdit.set(null);
    this.rows.moveOn(this.needed);
    this.changeSubject();
    this.fetchNeeded();
    this.answers.askChannels();
  }

  private see(frame: Frame): void {
    this.seen = frame;
    this.changes.emit('pointer');
  }

  private partition(): void {
    this.parts = superpixels(this.decomposition.input.values, this.shape, this.looks.pooling);
  }

  private forget(): void {
    this.explained = null;
    this.edited = null;
  }

  private changeSubject(): void {
    this.forget();
    this.changes.emit('subject');
  }
}
