import type { Chart, PointsMark } from '../../charts/chart';
import { chartSvg } from '../../charts/chart-svg';
import { CLASS_COLORS, classColor, COLORS, type EmbeddingPayload } from '../../payload';
import { embeddingClaims, scatterPoints } from './embedding-facts';

/** The embedding as one vector figure: its points by class, with axes and a legend. */
export function embeddingSvg(payload: EmbeddingPayload): string {
  return chartSvg(chartOf(payload));
}

function chartOf(payload: EmbeddingPayload): Chart {
  const { title, axes, classes } = payload;
  const { coordinates, classOf } = scatterPoints(payload);
  const names = classes?.names ?? [];
  const all = [...Array(coordinates.length / 2).keys()];
  const marks = [...names, undefined].map((name, index): PointsMark => {
    const members = classOf ? all.filter(i => classOf[i] === index) : index === 0 ? all : [];
    return {
      type: 'points',
      ...(name !== undefined && { name }),
      color: !classOf ? CLASS_COLORS[0] : name === undefined ? COLORS.line : classColor(index, names.length),
      x: members.map(i => coordinates[2 * i]),
      y: members.map(i => coordinates[2 * i + 1]),
    };
  });
  const panel = {
    x: { label: axes[0] },
    y: { label: axes[1] ?? '' },
    marks: marks.filter(({ x }) => x.length > 0),
  };
  return { title, caption: embeddingClaims(payload).join(' · '), panels: [panel] };
}
