import { CLASS_COLORS, COLORS, type Color } from '../../payload';
import { clipped, px, QUIET, svgPicture, textAt } from '../../page/svg-parts';
import { css } from '../../page/theme-colors';
import type { Diagram, DiagramNode, Family } from './diagram';
import { diagramLayout, type Point } from './diagram-layout';

const BOX = { width: 300, height: 44 };
const STRIPE = 6;
const HEAD = 58;
const EDGE = '#888888';
const MARGIN = 14;
/** Curves bend over this fraction of the distance between two points. */
const BEND = 0.5;

const FAMILY_COLORS: Readonly<Record<Family, Color>> = {
  input: COLORS.ink,
  weights: CLASS_COLORS[0],
  pooling: CLASS_COLORS[4],
  normalization: CLASS_COLORS[7],
  activation: CLASS_COLORS[1],
  merge: CLASS_COLORS[2],
  other: CLASS_COLORS[3],
  model: CLASS_COLORS[5],
};

/** The diagram as an SVG picture, with its title and caption as text alternative. */
export function diagramSvg(diagram: Diagram): string {
  const { width: wide, height: high, corners, edges } = diagramLayout(diagram, BOX);
  const width = Math.max(wide, BOX.width) + 2 * MARGIN;
  const height = high + HEAD + MARGIN;
  const { title, caption, nodes } = diagram;
  return svgPicture({ width, height, alternative: `${title}. ${caption}` }, [
    textAt(MARGIN, 24, clipped(title, (width - 2 * MARGIN) * 0.75), { size: 16, weight: 'bold' }),
    textAt(MARGIN, 42, clipped(caption, width - 2 * MARGIN), { fill: QUIET }),
    `<g transform="translate(${MARGIN} ${HEAD})">`,
    ...edges.map(edgeSvg),
    ...nodes.map(node => nodeSvg(node, corners.get(node.id)!)),
    '</g>',
  ]);
}

function nodeSvg({ name, kind, family, shape, parameters }: DiagramNode, { x, y }: Point): string {
  const right = x + BOX.width - 10;
  const size = parameters > 0 ? parameters.toLocaleString('en') : '';
  // Each side gets half of the box, or more if the other side needs less.
  const room = (other: string): number => BOX.width - 40 - Math.min(other.length * 6.8, BOX.width / 2);
  return [
    `<rect x="${px(x)}" y="${px(y)}" width="${BOX.width}" height="${BOX.height}" fill="#ffffff" stroke="#bbbbbb"/>`,
    `<rect x="${px(x)}" y="${px(y)}" width="${STRIPE}" height="${BOX.height}" fill="${css(FAMILY_COLORS[family])}"/>`,
    textAt(x + 14, y + 18, clipped(name, room(shape)), { weight: 'bold' }),
    textAt(x + 14, y + 35, clipped(kind, room(size)), { fill: QUIET }),
    textAt(right, y + 18, clipped(shape, BOX.width / 2), { anchor: 'end' }),
    textAt(right, y + 35, size, { anchor: 'end', fill: QUIET }),
  ].join('');
}

/** A smooth curve through the points, with an arrow at its end. */
function edgeSvg(points: readonly Point[]): string {
  const [first, ...others] = points;
  const last = points[points.length - 1];
  let before = first;
  const curves = others.map(to => {
    const bend = (to.y - before.y) * BEND;
    const curve = `C${px(before.x)} ${px(before.y + bend)} ${px(to.x)} ${px(to.y - bend)} ${px(to.x)} ${px(to.y)}`;
    before = to;
    return curve;
  });
  const arrow = `M${px(last.x - 4)} ${px(last.y - 6)}L${px(last.x)} ${px(last.y)}L${px(last.x + 4)} ${px(last.y - 6)}`;
  return `<path d="M${px(first.x)} ${px(first.y)}${curves.join('')}${arrow}" fill="none" stroke="${EDGE}" stroke-width="1.3"/>`;
}
