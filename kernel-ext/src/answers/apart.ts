import type { Embedding } from '../tsne';
import { float32Bytes } from '../payload/array-codec';
import { evenly } from '../payload/evenly';
import { shownAxes } from '../bundles/embedding/explanation';
import type { Answer } from './answer';

/** Points that stand for a group: each takes a path of its own. */
const MOST_POINTS = 8;

/** Why two points, or two groups, are apart: the exact sum over the ways between them. */
export async function apartAnswer(
  id: number,
  map: Embedding,
  groups: readonly [number[], number[]],
): Promise<Answer> {
  const [from, to] = groups.map(group => evenly(group.length, MOST_POINTS).map(i => group[i]));
  const isPair = from.length === 1 && to.length === 1;
  const { actual, parts, sums, regions } = await map.displacement(
    isPair ? from[0] : from,
    isPair ? to[0] : to,
  );
  const axes = shownAxes(map).length;
  const values = await parts.data<'float32'>();
  const size = values.length / parts.shape[0];
  parts.dispose();
  return {
    reply: {
      id,
      ok: true,
      op: 'apart',
      actual: actual.slice(0, axes),
      sums: sums.slice(0, axes),
      points: [from.length, to.length],
      regions,
    },
    buffers: [float32Bytes(values.slice(0, axes * size))],
  };
}
