export const SVG = 'http://www.w3.org/2000/svg';

/** Attributes by name; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG element; numbers are written to a hundredth of a pixel. */
export function svgElement(tag: string, attributes: Attributes, ...children: (Node | string)[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    node.setAttribute(name, typeof value === 'number' ? String(Math.round(100 * value) / 100) : value);
  }
  node.append(...children);
  return node;
}
