import type { Change } from './decomposition-model';

/** A part of the view of a decomposition: it owns a node and draws what has changed. */
export interface DecompositionPart {
  readonly node: HTMLElement;
  update(change: Change): void;
  dispose?(): void;
}
