import type { MapChange } from './embedding-model';

/** A part of the map's explorer: it owns a node and draws what changed. */
export interface MapPart {
  readonly node: HTMLElement;
  update(change: MapChange): void;
  redraw?(): void;
  dispose?(): void;
}
