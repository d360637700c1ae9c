import { block, escaped } from '../../page/page-parts';
import { more } from '../../page/html-table';
import { css } from '../../page/theme-colors';
import { COLORS, type Decomposition, signed, textTokens } from '../../payload';

/** Opacity of the token that adds or takes away most, out of 255: text remains legible on it, on light and dark pages. */
const MOST_OPAQUE = 150;

/** A text as its tokens in their order, each on the color of what it adds to the selected class or takes away from it. */
export function tokenLine(decomposition: Decomposition): string {
  if (!decomposition.isText) return '';
  const { tokens, others } = textTokens(decomposition, decomposition.rows.get(decomposition.first)!.values);
  const spans = tokens.map(({ text, contribution, strength }) => {
    const opacity = Math.round(MOST_OPAQUE * strength)
      .toString(16)
      .padStart(2, '0');
    const color = css(contribution < 0 ? COLORS.takes : COLORS.adds) + opacity;
    return `<span style="background-color: ${color}" title="${signed(contribution)}">${escaped(text)}</span>`;
  });
  const rest = others > 0 ? more(`and ${others} more tokens`) : '';
  return block(`<div style="max-width: 60em; line-height: 1.7">${spans.join(' ')}</div>${rest}`);
}
