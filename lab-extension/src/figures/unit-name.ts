import type { Unit } from 'piecewise/payload';

/** What happens at a border: 'unit [3, 4, 2] of relu1 switches'. */
export function switching({ layer, kind, position }: Unit): string {
  const entry = position.length > 0 ? ` [${position.join(', ')}]` : '';
  return kind === 'threshold'
    ? `unit${entry} of ${layer} switches`
    : `entry${entry} of ${layer} overtakes the largest of its window`;
}
