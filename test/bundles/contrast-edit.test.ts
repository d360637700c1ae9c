import assert from 'node:assert/strict';
import { Sanitizer } from '@jupyterlab/apputils/lib/sanitizer';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { editBundle, isContrastEdit } from '../../kernel-ext/src/bundles/path/contrast-edit-bundle';
import { contrastEdit } from '../../kernel-ext/src/paths/contrast-edit';
import { useBackend } from '../backend';
import { referenceInput, referenceNetwork } from '../regions/reference-network';

/** y₀ − y₁ = relu(x₀) + relu(x₁) − 3 */
const network = (x: tf.Tensor) => tf.tidy(() => tf.stack([x.relu().sum(), tf.scalar(3).add(x.sum().mul(0))]));

describe('the bundle of a contrast edit', () => {
  useBackend('tensorflow');

  it('states which outputs tie, how long the edit is, and that it is proved to be the smallest', async () => {
    const edit = await contrastEdit(network, [2, 2], 0, 1, { labels: ['sum', 'three <b>'] });
    const bundle = editBundle(edit);
    const text = bundle['text/plain'] as string;
    assert.match(text, /length 0\.707 \(l2\) ties sum and three <b>, which are \+1\.00 apart/);
    assert.match(text, /smallest possible edit/);
    assert.match(text, /x\[0\]\s+2\.00\s+−0\.50\s+1\.50/);
    const html = bundle['text/html'] as string;
    assert.ok(html.includes('three &lt;b&gt;'));
    assert.ok(new Sanitizer().sanitize(html).includes('x[0]'));
    edit.point.dispose();
  });

  it('states that a walk beyond the region proves nothing', async () => {
    const edit = await contrastEdit(network, [5, 0.5], 0, 1);
    assert.match(editBundle(edit)['text/plain'] as string, /walking through 1 borders?, .*not proved/);
    edit.point.dispose();
  });

  it('shows images of x, the edit and x′, and of the points where the walk turned', async () => {
    const edit = await contrastEdit(referenceNetwork(), referenceInput(0), 2, 3);
    assert.ok(isContrastEdit(edit));
    const bundle = editBundle(edit);
    const { width, height } = PNG.sync.read(Buffer.from(bundle['image/png'] as string, 'base64'));
    assert.ok(width > 3 * (height - 30), `${width} × ${height}`);
    const images = (bundle['text/html'] as string).match(/<img /g)!.length;
    assert.equal(images, 3 + Math.min(6, edit.corners.length - 2));
    edit.point.dispose();
  });
});
