import type { Atlas } from '../../atlas/atlas';
import { imageBundle, type ImageView } from '../image/image-bundle';
import { layoutOf } from '../image/layout';
import { plain, percent } from '../../payload';
import type { Bundle } from '../../sink/sink';

/** The directions of each group side by side, one row per group, as a grid of images. */
export function atlasBundle({ groups, shape, channelAxis, instances }: Atlas, view: ImageView = {}): Bundle {
  const columns = Math.max(...groups.map(({ values }) => values.length));
  const size = shape.reduce((a, b) => a * b, 1);
  const values = new Float32Array(groups.length * columns * size);
  groups.forEach(({ directions }, row) => values.set(directions, row * columns * size));
  const labels = groups.flatMap(({ name, values: singular, shares }) =>
    Array.from({ length: columns }, (_, i) =>
      i < singular.length ? labelOf(i === 0 ? name : null, singular[i], shares[i]) : '',
    ),
  );
  return imageBundle(
    values,
    [groups.length * columns, ...(shape.length === 1 ? [1] : []), ...shape, ...(shape.length < 3 ? [1] : [])],
    {
      title: `What the network reads in ${instances.toLocaleString('en')} instances`,
      caption: 'Singular vectors of W, one row per class, each with σ and its share of Σσ²',
      labels,
      columns,
      side: 112,
      layout: layoutOf(shape, channelAxis),
      ...view,
    },
  );
}

/** The first label of a row names its class. */
const labelOf = (name: string | null, value: number, share: number): string =>
  name === null ? `σ ${plain(value, 1)} · ${percent(share)}` : `${name}: σ ${plain(value, 1)}`;
