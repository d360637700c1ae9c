import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import { button, element } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';

/** What is selected, and what can be done with it. */
export class SelectionView implements EmbeddingPart {
  readonly node = element('div', 'pw-hint pw-selection');

  constructor(private readonly model: EmbeddingModel) {
    this.node.setAttribute('role', 'status');
  }

  update(change: EmbeddingChange): void {
    if (change !== 'data' && change !== 'selection') return;
    const { selected, comparison } = this.model;
    const { kept } = comparison;
    if (selected.length === 0 && !kept) return this.node.replaceChildren();
    const parts: (Node | string)[] = selected.length > 0 ? [this.summary()] : [];
    if (selected.length > 0) {
      parts.push(button('keep as first group', () => this.model.keep()));
      if (kept && kept !== selected)
        parts.push(
          button(`compare with the first group (${kept.length})`, () => this.model.compare([kept, selected])),
        );
      parts.push(button('clear', () => this.model.select([])));
    } else parts.push(`First group: ${kept!.length} points. Select another group.`);
    this.node.replaceChildren(...parts);
  }

  private summary(): HTMLElement {
    const { selected, embedding, isLive } = this.model;
    const counts = new Map<string, number>();
    for (const i of selected) {
      const name = this.model.classOf(i) ?? 'no class';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const largest = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const classes = embedding.classes
      ? `: ${largest.map(([name, count]) => `${count} × ${name}`).join(', ')}`
      : '';
    const code = isLive && selected.length > 0 ? ' · in code: await selection(embedding)' : '';
    return element('span', '', element('strong', '', `${selected.length} selected`), `${classes}${code}`);
  }
}
