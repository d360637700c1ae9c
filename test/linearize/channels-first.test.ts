import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { twinNetworks } from './twin-networks';

describe('images with channels first', () => {
  useBackend('tensorflow');

  it('have the contributions by channel, by superpixel and by layer that they have with channels last', async () => {
    const { first, last } = twinNetworks();
    const x = tf.randomNormal([2, 5, 4, 3], 0, 1, 'float32', 7);
    const mask = tf.range(0, 20, 1, 'int32').reshape([5, 4]).mod(tf.scalar(4, 'int32'));
    for (const from of [undefined, 'conv']) {
      const a = await linearize(first, x.transpose([0, 3, 1, 2]), { from });
      const b = await linearize(last, x, { from });
      assert.equal(a.input.shape.at(-1) === b.input.shape.at(-1), false);
      for (const c of [0, 2])
        assertClose(
          'by channel',
          await taken(a.contributionByChannel(c)),
          await taken(b.contributionByChannel(c)),
        );
      if (from === undefined)
        assertClose(
          'by superpixel',
          await taken(a.contributionBySuperpixel(1, mask)),
          await taken(b.contributionBySuperpixel(1, mask)),
        );
      const views = [a, b].map(lin => lin.instance(1));
      if (from === undefined) {
        const [p, q] = await Promise.all(
          views.map(view => view.channels({ layer: 'conv', index: 1, rival: 2, most: 2 })),
        );
        assert.deepEqual([p.shape, p.shown], [q.shape, q.shown]);
        assertClose('sums', p.sums, q.sums);
        p.planes.forEach((plane, i) => assertClose('plane', plane, q.planes[i]));
      }
      a.dispose();
      b.dispose();
    }
  });
});
