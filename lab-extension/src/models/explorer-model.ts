import { Signal, type ISignal } from '@lumino/signaling';
import type { Decomposition } from './decomposition';
import type { Tool } from './edit';
import { RowStore, type RowSource } from './row-store';
import { subjectOf, type Subject } from './subject';
import { WhatIf, type WhatIfSource } from './what-if';

/** Rows and columns of an image, both ends included. */
export interface Region {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export type SignFilter = 'all' | 'positive' | 'negative';

/**
 * What changed: `subject` = the class, its rival or a row; `input` = the edited x' or what the network makes of it;
 * `pointer` = cursor, brush, highlight; `look` = how it is drawn.
 */
export type Change = 'subject' | 'input' | 'pointer' | 'look';

/** What a person has chosen in one view, and the rows that the view has; the views draw from here alone. */
export class ExplorerModel {
  readonly rows: RowStore;
  readonly whatIf: WhatIf;
  private readonly changes = new Signal<this, Change>(this);
  private chosen: number;
  private opponent: number | null = null;
  private explained: Subject | null = null;
  private filter: SignFilter = 'all';
  private hand: Tool = 'look';
  private backdropShare = 0;
  private pixel: number | null = null;
  private region: Region | null = null;
  private outlined: Region | null = null;

  constructor(
    readonly decomposition: Decomposition,
    source: (RowSource & Partial<WhatIfSource>) | null,
  ) {
    this.chosen = decomposition.first;
    this.rows = new RowStore(decomposition, source);
    this.rows.changed.connect(() => this.changeSubject());
    this.whatIf = new WhatIf(decomposition.handle, canRun(source) ? source : null);
    this.whatIf.changed.connect(() => this.changes.emit('input'));
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

  get tool(): Tool {
    return this.hand;
  }

  get sign(): SignFilter {
    return this.filter;
  }

  /** How strongly the input shows behind the contributions, 0 to 1. */
  get backdrop(): number {
    return this.backdropShare;
  }

  /** Position in the image (row × width + column) or in the vector; null: nothing is pointed at. */
  get cursor(): number | null {
    return this.pixel;
  }

  get brush(): Region | null {
    return this.region;
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

  /** The rows that the subject needs. */
  get needed(): number[] {
    return this.opponent === null ? [this.chosen] : [this.chosen, this.opponent];
  }

  select(c: number): void {
    if (c === this.chosen || c < 0 || c >= this.decomposition.output.length) return;
    this.chosen = c;
    if (this.opponent === c) this.opponent = null;
    this.changeSubject();
    this.fetchNeeded();
  }

  contrast(c: number | null): void {
    this.opponent = c === this.chosen ? null : c;
    this.changeSubject();
    this.fetchNeeded();
  }

  take(tool: Tool): void {
    this.hand = tool;
    this.changes.emit('look');
  }

  show(sign: SignFilter): void {
    this.filter = sign;
    this.changes.emit('look');
  }

  /** @param share from 0 (contributions on the bare page) to 1 (on the input). */
  lay(share: number): void {
    this.backdropShare = share;
    this.changes.emit('look');
  }

  pointAt(position: number | null): void {
    if (position === this.pixel) return;
    this.pixel = position;
    this.changes.emit('pointer');
  }

  brushOver(region: Region | null): void {
    this.region = region;
    this.changes.emit('pointer');
  }

  outline(region: Region | null): void {
    this.outlined = region;
    this.changes.emit('pointer');
  }

  /** Asks the kernel for whatever the subject lacks; also the way to try again after a failure. */
  fetchNeeded(): void {
    void this.rows.request(this.needed);
  }

  dispose(): void {
    this.rows.dispose();
    this.whatIf.dispose();
    Signal.clearData(this);
  }

  private changeSubject(): void {
    this.explained = null;
    this.changes.emit('subject');
  }
}

function canRun(source: (RowSource & Partial<WhatIfSource>) | null): source is RowSource & WhatIfSource {
  return source?.whatIf !== undefined;
}
