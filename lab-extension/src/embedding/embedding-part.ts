import type { EmbeddingChange } from './embedding-model';

/** A part of the map's explorer: it owns a node and draws what changed. */
export interface EmbeddingPart {
  readonly node: HTMLElement;
  update(change: EmbeddingChange): void;
  redraw?(): void;
  dispose?(): void;
}
