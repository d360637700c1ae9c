import assert from 'node:assert/strict';
import { imageBundle } from '../../kernel-ext/src/bundles/image/image-bundle';
import { linearizationHtml } from '../../kernel-ext/src/bundles/linearization/linearization-html';
import { linearizationSvg } from '../../kernel-ext/src/bundles/linearization/linearization-svg';
import { product, readDecomposition, signedScale, sumChannels } from '../../kernel-ext/src/payload';
import { photograph } from '../lab/photograph';
import { payloadOf, randomNet, seven } from '../lab/random-net';

/** [D] and [H·W]: what each number, and each pixel, of the photograph adds. */
function contributions(): { parts: Float32Array; plane: Float32Array } {
  const { input, rows, first } = readDecomposition(photograph());
  const parts = product(rows.get(first)!.values, input.values);
  return { parts, plane: sumChannels(parts, 3) };
}

describe('a photograph in pages without scripts', () => {
  const { parts, plane } = contributions();
  const { limit, beyond } = signedScale(plane, 'robust');

  it('has contributions that a few extreme pixels would make pale, which is why its scale is robust', () => {
    assert.ok(signedScale(plane, 'full').limit > 2.5 * limit);
    assert.equal(beyond, 251);
  });

  it('has plates whose scales state what they leave out, while those of a digit leave out nothing', () => {
    const digit = readDecomposition(
      payloadOf(randomNet([784, 12, 10], 5), seven(), [28, 28, 1], [7], { selected: 7 }),
    );
    for (const twin of [linearizationHtml, linearizationSvg]) {
      assert.ok(twin(readDecomposition(photograph())).match(/beyond the scale/g)!.length >= 2);
      assert.doesNotMatch(twin(digit), /beyond the scale/);
    }
  });

  it('has W∘x over x, summed by superpixel, beside the plain maps, and one part for the b that cancels', () => {
    const decomposition = readDecomposition(photograph());
    for (const twin of [linearizationHtml, linearizationSvg]) {
      const page = twin(decomposition);
      assert.equal(page.match(/data:image\/png/g)?.length, 4);
      assert.match(page, /sums of superpixels/);
      assert.match(page, /after batch norms \(\d+ layers that cancel\)/);
    }
    assert.match(linearizationHtml(decomposition), /sums of 2 × 2 pixels<.*>\d+ squares beyond the scale/);
    assert.match(linearizationHtml(decomposition), /means of 2 × 2 pixels<.*>\d+ squares beyond the scale/);
  });

  it('has the same scale when plot shows its contributions alone, and all of it on request', () => {
    const robust = imageBundle(parts, [224, 224, 3]);
    const full = imageBundle(parts, [224, 224, 3], { scaleEnd: 'full' });
    assert.match(String(robust['text/plain']), / · 251 pixels beyond the scale$/);
    assert.match(
      String(robust['image/svg+xml']),
      /251 pixels beyond the scale<\/text>/,
      'nothing is cut off',
    );
    assert.doesNotMatch(String(full['text/plain']), /beyond/);
    assert.notEqual(robust['image/png'], full['image/png']);
    const custom = imageBundle(parts, [224, 224, 3], { caption: 'My own words' });
    assert.match(String(custom['text/plain']), /My own words · 251 pixels beyond the scale/);
  });

  it('has a full scale where the images are small', () => {
    const small = parts.slice(0, 28 * 28 * 3);
    assert.doesNotMatch(String(imageBundle(small, [28, 28, 3])['text/plain']), /beyond/);
  });
});
