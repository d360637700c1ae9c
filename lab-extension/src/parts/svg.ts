const SVG = 'http://www.w3.org/2000/svg';

/** One SVG element with its attributes and children. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  ...children: SVGElement[]
): SVGElementTagNameMap[Tag] {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A picture of its own coordinates that is stretched to the space available; its strokes are not stretched. */
export const stretched = (
  width: number,
  height: number,
  label: string,
  ...children: SVGElement[]
): SVGSVGElement =>
  svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    ...children,
  );

/** Strokes that keep their width in a stretched picture. */
export const EVEN = { 'vector-effect': 'non-scaling-stroke' } as const;
