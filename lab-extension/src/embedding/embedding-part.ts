import type { EmbeddingChange } from './embedding-model';

/** A part of the view of an embedding: it owns a node and draws what has changed. */
export interface EmbeddingPart {
  readonly node: HTMLElement;
  update(change: EmbeddingChange): void;
  redraw?(): void;
  dispose?(): void;
}
