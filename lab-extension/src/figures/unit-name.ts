import type { Unit } from 'piecewise/payload';

/** What happens at a border: 'channel 2 of relu1 at row 3, column 4 switches'. */
export function switching(unit: Unit): string {
  const name = nameOf(unit);
  return unit.kind === 'threshold' ? `${name} switches` : `${name} picks another entry of its window`;
}

/** As people name units: by number in a vector, by channel, row and column in an image; else by position. */
function nameOf({ layer, kind, position, channelsFirst }: Unit): string {
  if (position.length === 0) return `the unit of ${layer}`;
  if (kind === 'threshold' && position.length === 1) return `unit ${position[0]} of ${layer}`;
  const [row, column] = spatialOf({ kind, position, channelsFirst });
  if (row === undefined || column === undefined) return `unit [${position.join(', ')}] of ${layer}`;
  const channel = position[channelsFirst ? 0 : position.length - 1];
  return `channel ${channel} of ${layer} at row ${row}, column ${column}`;
}

/** Row and column of a unit of an image, or of the window that an entry belongs to; empty for any other unit. */
function spatialOf({ kind, position, channelsFirst }: Omit<Unit, 'layer'>): number[] {
  const spatial = channelsFirst ? position.slice(1) : position.slice(0, -1);
  if (kind === 'threshold') return spatial.length === 2 ? spatial : [];
  return spatial.length === 4 ? [spatial[0], spatial[2]] : [];
}
