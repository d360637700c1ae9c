import type { OutputRenderer } from './output-renderer';

/** All outputs of ours that are alive, so that commands find the one that is meant. */
export class ShownOutputs {
  private readonly all = new Set<OutputRenderer>();
  private last: OutputRenderer | null = null;

  add(output: OutputRenderer): void {
    this.all.add(output);
    const touched = () => (this.last = output);
    output.node.addEventListener('pointerdown', touched, true);
    output.node.addEventListener('focusin', touched);
  }

  delete(output: OutputRenderer): void {
    this.all.delete(output);
    if (this.last === output) this.last = null;
  }

  /** The one that a person last touched, else the first that can be seen; null: there is none with a view. */
  get current(): OutputRenderer | null {
    const isSeen = (output: OutputRenderer) => output.view !== null && output.isVisible;
    if (this.last && isSeen(this.last)) return this.last;
    return [...this.all].find(isSeen) ?? null;
  }

  /** The one around a node. */
  around(node: Element): OutputRenderer | null {
    return [...this.all].find(output => output.view !== null && output.node.contains(node)) ?? null;
  }
}
