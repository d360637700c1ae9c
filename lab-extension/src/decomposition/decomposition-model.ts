import { Signal, type ISignal } from '@lumino/signaling';
import type { RadiusReply } from 'piecewise/payload';
import { wholeFrame, panned, seeing, zoomed, type Frame } from '../figures/frame';
import { imageShape, type ImageShape } from '../figures/image-shape';
import { partAt, superpixels, type Superpixels } from '../figures/superpixels';
import { Asked } from '../live/asked';
import type { Decomposition } from './decomposition';
import type { Delay, Delaying } from '../live/delay';
import { Gauge } from './gauge-model';
import type { HoldSource } from './validity';
import { swapped } from '../image-tools/edit';
import { PLAIN_LOOK, type Look } from './look';
import { counterpart, regionOf, type Pixel, type Region } from '../image-tools/selection';
import { RowsUnavailableError, RowStore, type RowSource } from '../live/row-store';
import { subjectOf, type Subject } from './subject';
import type { Tie, TieSource } from './contrast-edit';
import type { Wall, WallSource } from './channels';
import { WhatIf, type WhatIfSource } from './what-if';

/**
 * What changed: `subject` = the class, its rival or a row; `input` = the edited x'; `answer` = what is known of it;
 * `pointer` = cursor, brush, highlight, and the part of the image that is seen; `look` = how it is drawn; `wall` = the layer
 * whose channels are shown, or what is known of them; `region` = what is known of where the map holds;
 * `delay` = why an answer takes its time.
 */
export type Change = 'subject' | 'input' | 'answer' | 'pointer' | 'look' | 'wall' | 'region' | 'delay';

/** What a live kernel may be asked. */
export type Source = RowSource & Partial<LiveSource>;

type LiveSource = WhatIfSource & WallSource & HoldSource & TieSource & Delaying;

/** Channels of a layer that are shown at most. */
const MOST_CHANNELS = 48;

/** What a person has chosen in one view, and the rows that the view has; the views draw from here alone. */
export class ExplorerModel {
  readonly rows: RowStore;
  readonly whatIf: WhatIf;
  /** The input as an image; a vector, or whatever else is none, is one row of pixels. */
  readonly shape: ImageShape;
  readonly isImage: boolean;
  /** What the channels of the chosen layer add to the subject. */
  readonly wall = new Asked<Wall>(() => this.changes.emit('wall'));
  /** How far the map holds: in all directions, and on the way to the edited x'. */
  readonly radius = new Asked<RadiusReply>(() => this.changes.emit('region'));
  /** An input at which the selected class and its rival tie. */
  readonly tie = new Asked<Tie>(() => this.changes.emit('region'));
  readonly gauge = new Gauge(
    x => this.live().reach(this.decomposition.handle, x),
    () => this.changes.emit('answer'),
  );
  private readonly leaving = new AbortController();
  private readonly changes = new Signal<this, Change>(this);
  private chosen: number;
  private opponent: number | null = null;
  private explained: Subject | null = null;
  private looks: Look;
  private seen: Frame;
  private parts: Superpixels | null = null;
  private start: string | null = null;
  private pixel: number | null = null;
  private region: Region | null = null;
  private outlined: Region | null = null;

  constructor(
    readonly decomposition: Decomposition,
    private readonly source: Source | null,
    look: Partial<Look> = {},
  ) {
    this.chosen = decomposition.first;
    const { shape, values } = decomposition.input;
    const image = imageShape(shape);
    this.isImage = image !== null;
    this.shape = image ?? { height: 1, width: values.length, channels: 1 };
    this.seen = wholeFrame(this.shape);
    this.looks = { ...PLAIN_LOOK, ...look };
    this.partition();
    this.rows = new RowStore(decomposition, source);
    this.rows.changed.connect(() => this.changeSubject());
    this.whatIf = new WhatIf(decomposition.handle, canRun(source) ? source : null);
    this.whatIf.changed.connect((_, change) => {
      if (decomposition.exact) this.gauge.follow(this.whatIf.input);
      this.changes.emit(change);
    });
    source?.delayed?.connect(this.onDelayed, this);
  }

  get changed(): ISignal<this, Change> {
    return this.changes;
  }

  get selected(): number {
    return this.chosen;
  }

  /** The class against which the selected one is held; null: none. */
  get rival(): number | null {
    return this.opponent;
  }

  /** x, or x' while it is edited: what the images and the reading show. */
  get input(): Float32Array {
    return this.whatIf.input ?? this.decomposition.input.values;
  }

  get look(): Readonly<Look> {
    return this.looks;
  }

  /** The part of the image that is seen. */
  get frame(): Frame {
    return this.seen;
  }

  get isZoomed(): boolean {
    return this.seen.width < this.shape.width;
  }

  /** The parts in which contributions are taken together; null: pixel by pixel. */
  get superpixels(): Superpixels | null {
    return this.parts;
  }

  /** The layer whose channels are shown; null: none. */
  get layer(): string | null {
    return this.start;
  }

  /** Position in the image (row × width + column) or in the vector; null: nothing is pointed at. */
  get cursor(): number | null {
    return this.pixel;
  }

  get brush(): Region | null {
    return this.region;
  }

  /** What sums are over: the brush, else the superpixel that is pointed at; null: all of x. */
  get summed(): Region | null {
    if (this.region || !this.parts || this.pixel === null) return this.region;
    return regionOf(partAt(this.parts, this.pixel), this.shape.width);
  }

  /** With what `swap` would exchange the brushed region: the same form around the cursor; null: nothing. */
  get counterpart(): Region | null {
    const { region, pixel, shape } = this;
    if (this.looks.tool !== 'swap' || !region || pixel === null) return null;
    return counterpart(region, { row: Math.floor(pixel / shape.width), column: pixel % shape.width }, shape);
  }

  /** A region that another view points at, for example a part of the waterfall. */
  get highlight(): Region | null {
    return this.outlined;
  }

  /** The class, or the difference of two classes, that is shown now. */
  get subject(): Subject {
    this.explained ??= subjectOf(this.decomposition, c => this.rows.get(c), this.chosen, this.opponent);
    return this.explained;
  }

  /** Why what was asked of the kernel is not here yet; null: it was not asked long ago, or is here. */
  get delay(): Delay | null {
    return this.source?.delay ?? null;
  }

  /** The rows that the subject needs. */
  get needed(): number[] {
    return this.opponent === null ? [this.chosen] : [this.chosen, this.opponent];
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

  /** @param factor above 1: nearer. @param at the pixel that stays in its place; default: the middle. */
  zoom(factor: number, at?: Pixel): void {
    const { top, left, height, width } = this.seen;
    const middle = { row: top + height / 2, column: left + width / 2 };
    this.see(zoomed(this.seen, this.shape, factor, at ?? middle));
    if (!this.isZoomed && this.looks.tool === 'move') this.change({ tool: 'box' });
  }

  pan(rows: number, columns: number): void {
    this.see(panned(this.seen, this.shape, rows, columns));
  }

  /** Shows what the channels of a layer add to the subject; null: nothing. */
  openLayer(layer: string | null): void {
    this.start = layer;
    if (layer === null) this.wall.set(null);
    else this.fetchWall();
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

  brushOver(region: Region | null): void {
    this.region = region;
    this.changes.emit('pointer');
  }

  /** Exchanges the brushed region with its counterpart. The brush goes along, and the hand takes the box again. */
  swap(): void {
    const { region, counterpart: other } = this;
    if (!region || !other) return;
    this.whatIf.edit(swapped(this.input, this.shape, region, other));
    this.region = other;
    this.change({ tool: 'box' });
  }

  outline(region: Region | null): void {
    this.outlined = region;
    this.changes.emit('pointer');
  }

  /** Asks the kernel for whatever the subject lacks; also the way to try again after a failure. */
  fetchNeeded(): void {
    void this.rows.request(this.needed, { fleeting: true });
  }

  dispose(): void {
    this.rows.dispose();
    this.whatIf.dispose();
    this.gauge.dispose();
    this.leaving.abort();
    Signal.clearData(this);
  }

  /** Asks for the channels of the chosen layer; also the way to try again. */
  fetchWall(): void {
    const { start: layer } = this;
    if (layer === null) return;
    const { handle } = this.decomposition;
    void this.wall.ask(async () =>
      this.live().channels(handle, layer, this.chosen, this.opponent, MOST_CHANNELS),
    );
  }

  /** Asks how far the map holds; also the way to try again. */
  fetchRadius(): void {
    void this.radius.ask(async () => this.live().radius(this.decomposition.handle, this.leaving.signal));
  }

  /** Asks for an edit that ties the two classes of a contrast; also the way to try again. */
  fetchTie(): void {
    const { chosen, opponent } = this;
    if (opponent === null) return;
    const { handle } = this.decomposition;
    void this.tie.ask(async () => this.live().tie(handle, chosen, opponent, this.leaving.signal));
  }

  /** @throws RowsUnavailableError */
  private live(): RowSource & LiveSource {
    const { source } = this;
    if (canExplore(source)) return source;
    throw new RowsUnavailableError('no-kernel', 'No kernel is connected to this view.');
  }

  private onDelayed(): void {
    this.changes.emit('delay');
  }

  private ask(): void {
    this.tie.set(null);
    this.rows.moveOn(this.needed);
    this.changeSubject();
    this.fetchNeeded();
    this.fetchWall();
  }

  private see(frame: Frame): void {
    this.seen = frame;
    this.changes.emit('pointer');
  }

  private partition(): void {
    this.parts = superpixels(this.decomposition.input.values, this.shape, this.looks.pooling);
  }

  private changeSubject(): void {
    this.explained = null;
    this.changes.emit('subject');
  }
}

function canExplore(source: Source | null): source is RowSource & LiveSource {
  return source?.channels !== undefined && source.radius !== undefined && source.tie !== undefined;
}

function canRun(source: Source | null): source is RowSource & WhatIfSource {
  return source?.whatIf !== undefined;
}
