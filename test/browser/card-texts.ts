/** A text of a card with its colors in CSS notation. */
export interface CardText {
  text: string;
  ink: string;
  /** Backgrounds of the element and of all around it, from the inside out. */
  backgrounds: string[];
  aroundCard: string[];
}

/** The texts of every card of a page. Runs in the page, so it names no function of its own. */
export function cardTexts(): CardText[][] {
  return [...document.querySelectorAll('.jp-RenderedHTML > div')].map(card =>
    [card, ...card.querySelectorAll('*')]
      .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent!.trim()))
      .map(node => {
        const [backgrounds, aroundCard] = [node, card.parentElement].map(from => {
          const found: string[] = [];
          for (let at = from; at; at = at.parentElement) found.push(getComputedStyle(at).backgroundColor);
          return found;
        });
        return { text: node.textContent, ink: getComputedStyle(node).color, backgrounds, aroundCard };
      }),
  );
}

/** The first color that hides what lies below it. */
export const opaque = (backgrounds: readonly string[]): number[] =>
  backgrounds.map(partsOf).find(([, , , alpha]) => alpha === 1)!;

export const isDark = (color: readonly number[]): boolean => luminance(color) < 0.2;

/** The contrast of text as WCAG 2 defines it, from 1 to 21. */
export function contrastOf({ ink, backgrounds }: CardText): number {
  const behind = opaque(backgrounds);
  const [r, g, b, alpha] = partsOf(ink);
  const seen = [r, g, b].map((part, i) => alpha * part + (1 - alpha) * behind[i]);
  const [dark, light] = [luminance(seen), luminance(behind)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

/** Red, green and blue from 0 to 255, and alpha. Browsers write mixed colors as color(srgb 0.5 0.5 0.5). */
function partsOf(color: string): number[] {
  const [r, g, b, alpha = 1] = color.match(/\d[\d.e-]*/g)!.map(Number);
  const scale = color.startsWith('color(') ? 255 : 1;
  return [scale * r, scale * g, scale * b, alpha];
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb
    .map(part => part / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
