import { COLORS, signed, textTokens } from 'piecewise/payload';
import { element } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';
import type { Change, DecompositionModel } from './decomposition-model';

/** Share of the color of the token that adds or takes away most; text remains legible on it. */
const MOST_OPAQUE = 0.6;

/** A text as its tokens in their order, each on the color of what it adds to the subject or takes away. Pointing at one reads it. */
export class TokenLineView implements DecompositionPart {
  readonly node = element('section', 'pw-tokens');
  private readonly spans = new Map<number, HTMLElement>();

  constructor(private readonly model: DecompositionModel) {}

  update(change: Change): void {
    if (change === 'pointer') this.mark();
    else if (change !== 'channels' && change !== 'answer') this.draw();
  }

  private draw(): void {
    const { subject, decomposition } = this.model;
    this.spans.clear();
    if (!subject.weights) return this.node.replaceChildren();
    const { tokens, others } = textTokens(decomposition, subject.weights);
    const parts = tokens.flatMap(({ index, text, contribution, strength }) => {
      const span = element('span', 'pw-token', text);
      const [r, g, b] = contribution < 0 ? COLORS.takes : COLORS.adds;
      span.style.backgroundColor = `rgba(${r}, ${g}, ${b}, ${(MOST_OPAQUE * strength).toFixed(3)})`;
      span.title = signed(contribution);
      span.addEventListener('pointerenter', () => this.model.pointAt(index));
      span.addEventListener('pointerleave', () => this.model.pointAt(null));
      this.spans.set(index, span);
      return [span, ' '];
    });
    const rest = others > 0 ? [element('span', 'pw-quiet', `and ${others} more tokens`)] : [];
    this.node.replaceChildren(...parts, ...rest);
    this.mark();
  }

  private mark(): void {
    for (const [index, span] of this.spans)
      span.classList.toggle('pw-mod-pointed', index === this.model.cursor);
  }
}
