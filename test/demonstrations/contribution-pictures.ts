import * as tf from '@tensorflow/tfjs';
import { compile, type LabeledData } from '../../kernel-ext/src';
import { imageBundle } from '../../kernel-ext/src/bundles/image/image-bundle';

/** Longest side of a picture, in pixels. */
const SIDE = 72;

/**
 * Two SVG pictures: the first image of each class, and what each of its pixels adds to the logit of its class, W∘x summed over
 * the channels.
 */
export async function contributionPictures(model: tf.LayersModel, images: LabeledData): Promise<string[]> {
  const linearizer = await compile(model, model.inputs[0].shape.slice(1) as number[]);
  const inputs = images.names.map((_, c) => images.instance(images.labels.indexOf(c)));
  const adds: tf.Tensor[] = [];
  for (const [c, x] of inputs.entries()) {
    const lin = await linearizer.linearize(x);
    adds.push((await lin.contribution(c)).sum(-1, true));
    lin.dispose();
  }
  const pictures = [inputs, adds].map(row => picture(row, images.names));
  tf.dispose([...inputs, ...adds]);
  return pictures;
}

function picture(images: tf.Tensor[], labels: readonly string[]): string {
  const all = tf.tidy(() => tf.stack(images));
  const bundle = imageBundle(all.dataSync<'float32'>(), all.shape, { labels, side: SIDE });
  all.dispose();
  return bundle['image/svg+xml'] as string;
}
