import { Signal, type ISignal } from '@lumino/signaling';
import { leastChange } from '../figures/least-change';
import { PointGrid } from '../figures/point-grid';
import { Asked } from '../live/asked';
import type { Delay } from '../live/delay';
import { NoAnswerError } from '../live/no-answer';
import { WhatIf } from '../live/what-if';
import {
  type EmbeddingData,
  type PointColumn,
  type Explanation,
  predictedCoordinates,
  type Sprite,
} from 'piecewise/payload';
import type { EmbeddingSource } from './embedding-source';
import { GroupComparison, type Groups } from './group-comparison';
import { PointImages } from './point-images';

/**
 * What changed: `data` = the points; `look` = colors and filters; `pointer`; `pick`; `selection`; `answer` = something came
 * from the kernel; `moved` = the edited input of the picked point, or where the network puts it.
 */
export type EmbeddingChange = 'data' | 'look' | 'pointer' | 'pick' | 'selection' | 'answer' | 'moved';

export type Tool = 'pick' | 'lasso' | 'box';

/** The nearest points of a picked one, by index in the data; and their images, if there are any. */
export interface Neighborhood {
  data: number[];
  embedding: number[];
  images: Sprite | null;
}

/** Neighbors that are shown. */
const NEIGHBORS = 8;

/** What a person does with an embedding: looks, filters, picks, selects, compares. Points here are positions 0 … n − 1. */
export class EmbeddingModel {
  tool: Tool = 'pick';
  column: PointColumn | null = null;
  /** null: depends on how crowded the points are. */
  density: boolean | null = null;
  pointed: number | null = null;
  picked: number | null = null;
  selected: number[] = [];
  /** What one entry of the input, or a selection of them, adds on each axis: an arrow at the picked point. */
  push: number[] | null = null;
  readonly hidden = new Set<number>();
  readonly explanation = new Asked<Explanation>(() => this.changes.emit('answer'));
  readonly neighborhood = new Asked<Neighborhood>(() => this.changes.emit('answer'));
  readonly comparison: GroupComparison;
  /** Another input x′ of the picked point, and where the network puts it. */
  readonly moved: WhatIf<number[]>;
  private readonly images: PointImages;
  private grid: PointGrid | null = null;
  private positions: Map<number, number> | null = null;
  private readonly changes = new Signal<this, EmbeddingChange>(this);

  /** @param source null: nobody can be asked, and only what is saved is shown */
  constructor(
    public embedding: EmbeddingData,
    readonly source: EmbeddingSource | null,
  ) {
    const { handle, explained } = embedding;
    this.images = new PointImages(source, () => this.changes.emit('pointer'));
    this.comparison = new GroupComparison(
      handle,
      () => this.live(),
      position => this.pointOf(position),
      () => this.changes.emit('answer'),
    );
    this.moved = new WhatIf(handle, source && { whatIf: (_, x) => source.transform(handle, x) });
    this.moved.changed.connect(() => this.changes.emit('moved'));
    source?.delayed?.connect(this.onDelayed, this);
    // What is saved is shown; the kernel is not asked before somebody wants to know.
    const [first] = explained.keys();
    this.picked = first === undefined ? null : this.positionOf(first);
    if (this.picked === null) return;
    this.explanation.set(explained.get(first)!);
    this.neighborhood.set({ data: [], embedding: this.neighborsOf(this.picked), images: null });
  }

  get changed(): ISignal<this, EmbeddingChange> {
    return this.changes;
  }

  get isLive(): boolean {
    return this.source?.isAvailable ?? false;
  }

  /** Why an answer of the kernel takes long; null: none is late. */
  get delay(): Delay | null {
    return this.source?.delay ?? null;
  }

  /** Newer points of the same embedding, as while it is trained. */
  replace(embedding: EmbeddingData): void {
    this.embedding = embedding;
    this.images.clear();
    this.grid = null;
    this.positions = null;
    this.changes.emit('data');
  }

  /** Index in the data. */
  pointOf(position: number): number {
    return this.embedding.indices ? this.embedding.indices[position] : position;
  }

  /** null: the point is not among those shown. */
  positionOf(point: number): number | null {
    const { indices, count } = this.embedding;
    if (!indices) return point < count ? point : null;
    this.positions ??= new Map(Array.from(indices, (index, i) => [index, i]));
    return this.positions.get(point) ?? null;
  }

  /** Its name, else its class, else nothing. */
  labelOf(position: number): string {
    return this.embedding.names?.[position] ?? this.classOf(position) ?? '';
  }

  classOf(position: number): string | null {
    const { classes } = this.embedding;
    return classes?.names[classes.of[position]] ?? null;
  }

  isVisible(position: number): boolean {
    return !this.embedding.classes || !this.hidden.has(this.embedding.classes.of[position]);
  }

  /** The k visible points nearest to (across, up), nearest first. @param reach in units of the embedding */
  nearest(across: number, up: number, k: number, reach = Infinity): number[] {
    this.grid ??= new PointGrid(this.embedding.across, this.embedding.up);
    return this.grid.nearest(across, up, k, reach, i => this.isVisible(i));
  }

  use(tool: Tool): void {
    this.tool = tool;
    this.changes.emit('look');
  }

  colorBy(column: PointColumn | null): void {
    this.column = column;
    this.changes.emit('look');
  }

  showDensity(density: boolean): void {
    this.density = density;
    this.changes.emit('look');
  }

  /** Switches a class on or off. */
  toggle(index: number): void {
    if (!this.hidden.delete(index)) this.hidden.add(index);
    this.changes.emit('look');
  }

  /** Shows one class alone, or all of them again. */
  only(index: number): void {
    const { names } = this.embedding.classes!;
    const isAlone = this.hidden.size === names.length && !this.hidden.has(index);
    this.hidden.clear();
    if (!isAlone) for (let c = 0; c <= names.length; c++) if (c !== index) this.hidden.add(c);
    this.changes.emit('look');
  }

  pointAt(position: number | null): void {
    if (position === this.pointed) return;
    this.pointed = position;
    this.changes.emit('pointer');
    this.images.rest(this.embedding, position, position === null ? 0 : this.pointOf(position));
  }

  /** The small image of a point, as a sprite and the index of the image in it; null: it is not here. */
  imageOf(position: number): { sprite: Sprite; index: number } | null {
    return this.images.of(this.embedding, position);
  }

  pick(position: number | null): void {
    this.picked = position;
    this.comparison.groups = null;
    this.push = null;
    this.moved.reset();
    this.explanation.set(null);
    this.changes.emit('pick');
    // The explanations of a network that is still training would be out of date at once.
    if (position === null || this.embedding.training) return;
    this.fetchExplanation();
    this.fetchNeighborhood();
  }

  /** Where the linear map of the picked point puts the edited input; null: nothing is edited. */
  get predicted(): number[] | null {
    const { input } = this.moved;
    return input && this.explanation.value && predictedCoordinates(this.explanation.value, input);
  }

  /** Edits the input of the picked point as little as possible so that its linear map puts it there. @param coordinates [axes] */
  pullTo(coordinates: readonly number[]): void {
    const { value: explanation } = this.explanation;
    if (!explanation) return;
    const { w, x, output } = explanation;
    const change = leastChange(
      w,
      output.map((from, axis) => coordinates[axis] - from),
    );
    if (change) this.moved.edit(x.map((v, i) => v + change[i]));
  }

  /** Compares the picked point with a second one; picks it if none is picked. */
  rival(position: number): void {
    if (this.picked === null || position === this.picked) return this.pick(position);
    this.compare([[this.picked], [position]]);
  }

  keep(): void {
    this.comparison.kept = this.selected;
    this.changes.emit('selection');
  }

  compare(groups: Groups): void {
    this.push = null;
    this.comparison.ask(groups);
    this.changes.emit('pick');
  }

  select(positions: number[]): void {
    this.selected = positions;
    this.changes.emit('selection');
    if (!this.isLive) return;
    const points = positions.map(i => this.pointOf(i));
    // A selection that does not reach the kernel is still shown here; selection(embedding) then waits for the next one.
    void this.source!.select(this.embedding.handle, points).catch(() => {});
  }

  pushBy(push: number[] | null): void {
    this.push = push;
    this.changes.emit('pointer');
  }

  /** Also used to try again. */
  fetchExplanation(): void {
    const point = this.pointOf(this.picked!);
    const saved = this.embedding.explained.get(point);
    if (saved) return this.explanation.set(saved);
    void this.explanation.ask(async () => this.live().explain(this.embedding.handle, point));
  }

  /** Neighbors in the data are known to a live kernel only; those in the embedding are found here. */
  fetchNeighborhood(): void {
    const position = this.picked!;
    if (!this.isLive)
      return this.neighborhood.set({ data: [], embedding: this.neighborsOf(position), images: null });
    void this.neighborhood.ask(async () => {
      const { handle, thumbnails, total } = this.embedding;
      const k = Math.min(NEIGHBORS, total - 1);
      const found = await this.live().neighbors(handle, this.pointOf(position), k);
      const points = [...found.data, ...found.embedding];
      return { ...found, images: thumbnails && (await this.live().thumbnails(handle, points)) };
    });
  }

  dispose(): void {
    this.images.dispose();
    this.moved.dispose();
    Signal.clearData(this);
  }

  private onDelayed(): void {
    if (this.explanation.isLoading || this.neighborhood.isLoading || this.comparison.means.isLoading)
      this.changes.emit('answer');
  }

  private neighborsOf(position: number): number[] {
    const { across, up } = this.embedding;
    const near = this.nearest(across[position], up[position], NEIGHBORS + 1).filter(i => i !== position);
    return near.slice(0, NEIGHBORS).map(i => this.pointOf(i));
  }

  private live(): EmbeddingSource {
    if (this.source) return this.source;
    throw NoAnswerError.withoutKernel();
  }
}
