import type { OutputView } from '../parts/output-view';

/** One of our outputs on the page. */
export interface ShownOutput {
  readonly node: HTMLElement;
  readonly isVisible: boolean;
  /** null: the payload could not be shown. */
  readonly view: OutputView | null;
}

/** All of our outputs that are alive, so that a command finds the one that is meant. */
export class ShownOutputs {
  private readonly all = new Set<ShownOutput>();
  private last: ShownOutput | null = null;

  add(output: ShownOutput): void {
    this.all.add(output);
    const touched = () => (this.last = output);
    output.node.addEventListener('pointerdown', touched, true);
    output.node.addEventListener('focusin', touched);
  }

  delete(output: ShownOutput): void {
    this.all.delete(output);
    if (this.last === output) this.last = null;
  }

  /** The one that a person touched last, else the first visible one; null: none has a view. */
  get current(): ShownOutput | null {
    const isSeen = (output: ShownOutput) => output.view !== null && output.isVisible;
    if (this.last && isSeen(this.last)) return this.last;
    return [...this.all].find(isSeen) ?? null;
  }

  /** The one that contains a node; null: none does. */
  around(node: Element): ShownOutput | null {
    return [...this.all].find(output => output.view !== null && output.node.contains(node)) ?? null;
  }
}
