import { Signal, type ISignal } from '@lumino/signaling';
import { leastChange } from '../figures/least-change';
import { PointGrid } from '../figures/point-grid';
import type { Apart } from './apart';
import { Asked } from '../live/asked';
import type { Delay } from '../live/delay';
import type { Comparison, MapSource } from './embedding-source';
import type { PointColumn, PointMap } from './embedding-data';
import { type PointReason, predictedPlace } from './explanation';
import { RowsUnavailableError } from '../live/row-store';
import type { Sprite } from './thumbnails';
import { WhatIf } from '../decomposition/what-if';

/**
 * data: other points; look: colors and filters; pointer; pick; selection; answer: something came from the kernel; moved: the
 * input of the picked point is another one, or it is known where the network puts that.
 */
export type MapChange = 'data' | 'look' | 'pointer' | 'pick' | 'selection' | 'answer' | 'moved';

export type Tool = 'pick' | 'lasso' | 'box';

/** The nearest points of a picked one, by index in the data; their images, if there are some. */
export interface Neighborhood {
  data: number[];
  map: number[];
  images: Sprite | null;
}

/** Neighbors that are shown, and points of a group that are compared. */
const NEIGHBORS = 8;
const MOST_IN_GROUP = 500;
/** A pointer that stays so long on a point without a saved image asks the kernel for it; so many are kept. */
const REST_MS = 80;
const MOST_IMAGES = 500;

/** What a person does with a map: looks, filters, picks, selects, compares. Points here are positions 0 … n − 1. */
export class MapModel {
  tool: Tool = 'pick';
  column: PointColumn | null = null;
  /** null: by how crowded it is. */
  density: boolean | null = null;
  pointed: number | null = null;
  picked: number | null = null;
  /** A second point, or two groups, to compare. */
  groups: [number[], number[]] | null = null;
  /** A selection that was kept as the first group. */
  kept: number[] | null = null;
  selected: number[] = [];
  /** What one entry of the input, or a region of it, adds on each axis: an arrow at the picked point. */
  push: number[] | null = null;
  readonly hidden = new Set<number>();
  readonly reason = new Asked<PointReason>(() => this.changes.emit('answer'));
  readonly neighborhood = new Asked<Neighborhood>(() => this.changes.emit('answer'));
  readonly comparison = new Asked<Comparison>(() => this.changes.emit('answer'));
  /** Why the two groups are apart, summed exactly over the regions between them. */
  readonly apart = new Asked<Apart>(() => this.changes.emit('answer'));
  /** Another input x' of the picked point, and where the network puts it. */
  readonly moved: WhatIf<number[]>;
  /** Images that the kernel has sent, by position. */
  private readonly images = new Map<number, Sprite>();
  private resting: ReturnType<typeof setTimeout> | undefined;
  private grid: PointGrid | null = null;
  private places: Map<number, number> | null = null;
  private readonly changes = new Signal<this, MapChange>(this);

  constructor(
    public map: PointMap,
    readonly source: MapSource | null,
  ) {
    this.moved = new WhatIf(map.handle, source && { whatIf: (handle, x) => source.place(handle, x) });
    this.moved.changed.connect(() => this.changes.emit('moved'));
    source?.delayed?.connect(this.onDelayed, this);
    // What is saved is shown; the kernel is asked for nothing before somebody wants it.
    const [first] = map.explained.keys();
    this.picked = first === undefined ? null : this.positionOf(first);
    if (this.picked === null) return;
    this.reason.set(map.explained.get(first)!);
    this.neighborhood.set({ data: [], map: this.nearestOnMap(this.picked), images: null });
  }

  get changed(): ISignal<this, MapChange> {
    return this.changes;
  }

  get isLive(): boolean {
    return this.source?.isAvailable ?? false;
  }

  /** Why what was asked of the kernel is not here yet; null: it was not asked long ago, or is here. */
  get delay(): Delay | null {
    return this.source?.delay ?? null;
  }

  /** Newer points of the same map, as while it is trained. */
  replace(map: PointMap): void {
    this.map = map;
    this.images.clear();
    this.grid = null;
    this.places = null;
    this.changes.emit('data');
  }

  /** Index in the data. */
  pointOf(position: number): number {
    return this.map.indices ? this.map.indices[position] : position;
  }

  /** null: the point is not among those shown. */
  positionOf(point: number): number | null {
    const { indices, count } = this.map;
    if (!indices) return point < count ? point : null;
    this.places ??= new Map(Array.from(indices, (index, i) => [index, i]));
    return this.places.get(point) ?? null;
  }

  /** Its name, else its class, else nothing. */
  labelOf(position: number): string {
    return this.map.names?.[position] ?? this.classOf(position) ?? '';
  }

  classOf(position: number): string | null {
    const { classes } = this.map;
    return classes?.names[classes.of[position]] ?? null;
  }

  isVisible(position: number): boolean {
    return !this.map.classes || !this.hidden.has(this.map.classes.of[position]);
  }

  /** The k nearest visible points to a place on the map. */
  nearest(across: number, up: number, k: number, reach = Infinity): number[] {
    this.grid ??= new PointGrid(this.map.across, this.map.up);
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

  /** Shows one class alone, or all again. */
  only(index: number): void {
    const { names } = this.map.classes!;
    const isAlone = this.hidden.size === names.length && !this.hidden.has(index);
    this.hidden.clear();
    if (!isAlone) for (let c = 0; c <= names.length; c++) if (c !== index) this.hidden.add(c);
    this.changes.emit('look');
  }

  pointAt(position: number | null): void {
    if (position === this.pointed) return;
    this.pointed = position;
    this.changes.emit('pointer');
    clearTimeout(this.resting);
    if (position === null || this.imageOf(position) || !this.map.thumbnails || !this.isLive) return;
    this.resting = setTimeout(() => void this.fetchImage(position), REST_MS);
  }

  /** The small image of a point, as a sprite and its place there; null: it is not here. */
  imageOf(position: number): { sprite: Sprite; index: number } | null {
    const { thumbnails } = this.map;
    const index = thumbnails?.positions.get(position);
    if (thumbnails && index !== undefined) return { sprite: thumbnails, index };
    const sprite = this.images.get(position);
    return sprite ? { sprite, index: 0 } : null;
  }

  pick(position: number | null): void {
    this.picked = position;
    this.groups = null;
    this.push = null;
    this.moved.reset();
    this.reason.set(null);
    this.changes.emit('pick');
    // A network that still learns would give reasons of the past.
    if (position === null || this.map.training) return;
    this.fetchReason();
    this.fetchNeighborhood();
  }

  /** Where the map of the picked point puts the input that was changed; null: none was. */
  get predicted(): number[] | null {
    const { input } = this.moved;
    return input && this.reason.value && predictedPlace(this.reason.value, input);
  }

  /** Changes the input of the picked point as little as it takes for its map to put it there, [axes]. */
  pullTo(place: readonly number[]): void {
    const reason = this.reason.value;
    const way =
      reason &&
      leastChange(
        reason.w,
        reason.output.map((from, axis) => place[axis] - from),
      );
    if (way) this.moved.edit(reason.x.map((v, i) => v + way[i]));
  }

  /** A second point beside the picked one. */
  rival(position: number): void {
    if (this.picked === null || position === this.picked) return this.pick(position);
    this.compare([[this.picked], [position]]);
  }

  keep(): void {
    this.kept = this.selected;
    this.changes.emit('selection');
  }

  compare(groups: [number[], number[]]): void {
    this.groups = groups;
    this.push = null;
    this.apart.set(null);
    this.changes.emit('pick');
    const points = this.comparedPoints(groups);
    void this.comparison.ask(async () => this.live().compare(this.map.handle, points));
  }

  /** Asks why the two groups are apart; also the way to try again. */
  fetchApart(): void {
    const { groups } = this;
    if (!groups) return;
    const points = this.comparedPoints(groups);
    void this.apart.ask(async () => this.live().apart(this.map.handle, points));
  }

  select(positions: number[]): void {
    this.selected = positions;
    this.changes.emit('selection');
    if (!this.isLive) return;
    const points = positions.map(i => this.pointOf(i));
    // A selection that the kernel does not get is still seen here; selection(embedding) then waits for the next.
    void this.source!.select(this.map.handle, points).catch(() => {});
  }

  pushBy(push: number[] | null): void {
    this.push = push;
    this.changes.emit('pointer');
  }

  /** Also the way to try again. */
  fetchReason(): void {
    const point = this.pointOf(this.picked!);
    const saved = this.map.explained.get(point);
    if (saved) return this.reason.set(saved);
    void this.reason.ask(async () => this.live().explain(this.map.handle, point));
  }

  /** In the data only a live kernel finds them; on the map they are found here. */
  fetchNeighborhood(): void {
    const position = this.picked!;
    const onMap = this.nearestOnMap(position);
    if (!this.isLive) return this.neighborhood.set({ data: [], map: onMap, images: null });
    void this.neighborhood.ask(async () => {
      const { handle, thumbnails, total } = this.map;
      const k = Math.min(NEIGHBORS, total - 1);
      const found = await this.live().neighbors(handle, this.pointOf(position), k);
      const images = thumbnails && (await this.live().thumbnails(handle, [...found.data, ...found.map]));
      return { ...found, images };
    });
  }

  dispose(): void {
    clearTimeout(this.resting);
    this.moved.dispose();
    Signal.clearData(this);
  }

  /** For the one that the pointer rests on. That it does not come is no matter: the words say what is pointed at. */
  private async fetchImage(position: number): Promise<void> {
    const sprite = await this.live()
      .thumbnails(this.map.handle, [this.pointOf(position)])
      .catch(() => null);
    if (!sprite) return;
    this.images.set(position, sprite);
    const [oldest] = this.images.keys();
    if (this.images.size > MOST_IMAGES) this.images.delete(oldest);
    this.changes.emit('pointer');
  }

  private comparedPoints(groups: readonly [number[], number[]]): [number[], number[]] {
    const [first, second] = groups.map(group => evenly(group).map(i => this.pointOf(i)));
    return [first, second];
  }

  private onDelayed(): void {
    if (this.reason.isLoading || this.neighborhood.isLoading || this.comparison.isLoading)
      this.changes.emit('answer');
  }

  private nearestOnMap(position: number): number[] {
    const { across, up } = this.map;
    const near = this.nearest(across[position], up[position], NEIGHBORS + 1).filter(i => i !== position);
    return near.slice(0, NEIGHBORS).map(i => this.pointOf(i));
  }

  private live(): MapSource {
    if (this.source) return this.source;
    throw new RowsUnavailableError('no-kernel', 'No kernel is connected to this view.');
  }
}

/** At most as many of a group as are compared, evenly taken. */
function evenly(group: readonly number[]): number[] {
  const count = Math.min(group.length, MOST_IN_GROUP);
  return Array.from({ length: count }, (_, i) => group[Math.floor((i * group.length) / count)]);
}
