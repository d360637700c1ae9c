import type { EmbeddingPayload } from '../../payload';
import { aligned } from '../../page/text-table';
import { classFacts, embeddingClaims, formulas, pointLabel, proofOf } from './embedding-facts';

/** The text lists at most this many classes and states how many more there are. */
export const MOST_CLASSES = 20;

/** The embedding as plain text: its facts, a table of its classes, and the formula of each explained point. */
export function embeddingText(payload: EmbeddingPayload): string {
  const { title, axes, explained } = payload;
  const classes = classFacts(payload);
  const rows = classes
    .slice(0, MOST_CLASSES)
    .map(({ name, points, center }) => [name, String(points), ...center]);
  return [
    title,
    ...embeddingClaims(payload),
    ...(rows.length > 0 ? ['', ...aligned([['class', 'points', ...axes], ...rows])] : []),
    ...(classes.length > MOST_CLASSES ? [`and ${classes.length - MOST_CLASSES} more`] : []),
    ...explained.flatMap(point => {
      const label = pointLabel(payload, point.index);
      return ['', `point ${point.index}${label && ` (${label})`}`, ...formulas(point, axes), proofOf(point)];
    }),
  ].join('\n');
}
