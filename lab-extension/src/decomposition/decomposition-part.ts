import type { Change } from './decomposition-model';

/** A part of the explorer: it owns a node and draws what changed. */
export interface View {
  readonly node: HTMLElement;
  update(change: Change): void;
  dispose?(): void;
}
