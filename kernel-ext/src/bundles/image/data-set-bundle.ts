import * as tf from '@tensorflow/tfjs';
import type { ImageSet } from '../../data';
import { imageBundle, type ImageView } from './image-bundle';
import type { Bundle } from '../../sink/sink';

/** How many images of a data set are shown, starting from its beginning. */
const SHOWN = 40;

/** Checks fields instead of the class, since a notebook may load its own library. */
export function isImageSet(thing: object): thing is ImageSet {
  const { batch, names, labels, shape } = thing as Partial<ImageSet>;
  return typeof batch === 'function' && Array.isArray(names) && labels !== undefined && shape?.length === 3;
}

/** The first images of a data set with the names of their classes. */
export async function dataSetBundle(set: ImageSet, view: ImageView): Promise<Bundle> {
  const count = Math.min(SHOWN, set.length);
  const some = set.batch(0, count);
  try {
    const labels = Array.from(set.labels.subarray(0, count), label => set.names[label] ?? String(label));
    const title = `The first ${count} of ${set.length.toLocaleString('en')} images`;
    return imageBundle((await some.data()) as Float32Array, some.shape, { labels, title, ...view });
  } finally {
    tf.dispose(some);
  }
}
