import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import '../backend';
import { census, tsne } from '../../kernel-ext/src';
import { classNames } from '../../kernel-ext/src/census/batches';
import { LabeledData } from '../../kernel-ext/src/data/labeled-data';
import { labelsOf } from '../../kernel-ext/src/tsne/points';
import { discard, smallNetwork } from '../tsne/small-embedding';

const LABELS = Int32Array.from({ length: 12 }, (_, i) => i % 2);

/** Twelve rows of six numbers, of two kinds in turn. */
const table = (labels: Int32Array) =>
  new LabeledData<tf.Tensor1D, tf.Tensor2D>({
    values: Float32Array.from({ length: 72 }, (_, k) => Math.sin(k)),
    shape: [6],
    labels,
    names: labels.length > 0 ? ['oak', 'elm'] : [],
    columns: [...'abcdef'],
  });

describe('a data set that is passed on', () => {
  it('names its classes to embeddings, censuses and atlases alike', () => {
    const names = Array.from(LABELS, label => ['oak', 'elm'][label]);
    assert.deepEqual(classNames(table(LABELS)), names);
    assert.deepEqual(labelsOf(table(LABELS), 12), names);
  });

  it('has no classes where the table has none', async () => {
    const plain = table(new Int32Array(0));
    const embedding = await tsne(plain, { model: smallNetwork(), epochs: 1, start: 'random' });
    assert.equal(embedding.labels, null);
    const { total } = await census(embedding.model, plain);
    assert.deepEqual([total.of.length, total.purity], [12, null]);
    discard(embedding);
  });
});
