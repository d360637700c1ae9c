import assert from 'node:assert/strict';
import { classBars } from '../../lab-extension/src/figures/class-bars';
import { instanceAtX } from '../../lab-extension/src/figures/instance';
import {
  listedClasses,
  divergingColor,
  inputRange,
  symmetricLimit,
  type Palette,
  largestFeatures,
  compact,
  decimalsFor,
  plain,
  scientific,
  signed,
  readDecomposition,
  imageShape,
  product,
} from 'piecewise/payload';
import { paintInput, paintSigned } from '../../lab-extension/src/figures/color-scale';
import { imageParts } from '../../lab-extension/src/figures/parts';
import { readings } from '../../lab-extension/src/decomposition/reading';
import { selectionSum } from '../../lab-extension/src/figures/selection-sum';
import { waterfall } from '../../lab-extension/src/figures/waterfall';
import { RowStore } from '../../lab-extension/src/decomposition/row-store';
import { DecompositionModel } from '../../lab-extension/src/decomposition/decomposition-model';
import { payloadOf, randomNet, seven } from './random-net';

const net = randomNet([784, 20, 16, 10], 5);
const d = readDecomposition(payloadOf(net, seven(), [28, 28, 1], [0, 1, 7]));
const light: Palette = { page: [255, 255, 255], ink: [0, 0, 0], adds: [180, 90, 0], takes: [0, 90, 180] };
const dark: Palette = { ...light, page: [17, 17, 17], ink: [255, 255, 255] };

function close(actual: number, expected: number, tolerance = 1e-5): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

describe('the color scale', () => {
  it('shows zero as the color of the page, in the light and the dark theme', () => {
    for (const palette of [light, dark])
      assert.deepEqual([...divergingColor(0, 3, palette)], [...palette.page]);
  });

  it('is symmetric: +limit is fully orange, −limit fully blue, and half of each is halfway to zero', () => {
    assert.equal(symmetricLimit(Float32Array.of(0.5, -2, 1)), 2);
    assert.deepEqual([...divergingColor(2, 2, light)], [...light.adds]);
    assert.deepEqual([...divergingColor(-2, 2, light)], [...light.takes]);
    assert.deepEqual([...divergingColor(1, 2, light)], [217.5, 172.5, 127.5]);
  });

  it('shows an image of zeros as an empty page', () => {
    assert.deepEqual([...paintSigned(new Float32Array(2), 0, dark)], [17, 17, 17, 255, 17, 17, 17, 255]);
  });

  it('leaves the other sign blank when only one is shown', () => {
    const rgba = paintSigned(Float32Array.of(1, -1), 1, light, { sign: 'negative' });
    assert.deepEqual([...rgba], [255, 255, 255, 255, 0, 90, 180, 255]);
  });

  it('lets the gray of the input show through at zero, to the given degree', () => {
    const white = Uint8ClampedArray.of(255, 255, 255, 255);
    const at = (share: number) => paintSigned(Float32Array.of(0), 1, dark, { behind: white, share })[0];
    assert.deepEqual([0, 0.5, 1].map(at), [17, 136, 255]);
  });

  it('uses [0, 1] and [0, 255] where the values fit, else the range from lowest to highest', () => {
    assert.deepEqual(inputRange(Float32Array.of(0.2, 0.7)), { low: 0, high: 1 });
    assert.deepEqual(inputRange(Float32Array.of(0, 200)), { low: 0, high: 255 });
    assert.deepEqual(inputRange(Float32Array.of(-1, 3)), { low: -1, high: 3 });
  });

  it('shows three channels as red, green and blue', () => {
    const rgba = paintInput(Float32Array.of(1, 0, 0.5), 3, { low: 0, high: 1 }, light);
    assert.deepEqual([...rgba], [255, 0, 128, 255]);
  });
});

describe('formats', () => {
  it('show the sign of every number that does not round to zero, with a true minus', () => {
    assert.equal(signed(0.784), '+0.78');
    assert.equal(signed(-0.04), '−0.04');
    assert.equal(signed(-0.001), '0.00');
    assert.equal(plain(-12.531), '−12.53');
    assert.equal(plain(-0.001), '0.00');
  });

  it('show magnitudes as one digit and a power of ten', () => {
    assert.equal(scientific(2.9e-7), '3·10⁻⁷');
    assert.equal(scientific(0), '0');
    assert.equal(scientific(4e12), '4·10¹²');
  });

  it('show about three digits of the largest number of a group', () => {
    assert.deepEqual([0, 12.75, 0.78, 0.0123, 123.4, 54321].map(decimalsFor), [2, 2, 2, 3, 1, 0]);
  });

  it('show single numbers without trailing zeros', () => {
    assert.deepEqual([1, 0.99, 0.5, 255, 0, -0.25, 1e-7].map(compact), [
      '1',
      '0.99',
      '0.5',
      '255',
      '0',
      '−0.25',
      '1·10⁻⁷',
    ]);
  });
});

describe('classBars(d)', () => {
  const { zero, bars } = classBars(d, instanceAtX(d, new RowStore(d, null)), [...d.output.keys()]);

  it('keeps everything inside the width, on one common zero', () => {
    for (const bar of bars) {
      for (const share of [...bar.negative, ...bar.positive, ...bar.bias, bar.tick!]) {
        assert.ok(share >= -1e-12 && share <= 1 + 1e-12);
      }
      assert.equal(bar.negative[1], zero);
      assert.equal(bar.positive[0], zero);
    }
  });

  it('puts the tick where the three parts end', () => {
    for (const bar of bars) {
      const signedBias = (bar.bias[1] - bar.bias[0]) * (d.bias[bar.index] < 0 ? -1 : 1);
      close(bar.positive[1] - zero + (bar.negative[0] - zero) + signedBias, bar.tick! - zero);
    }
  });

  it('lists many classes by logit and always includes the selected one', () => {
    const output = Array.from({ length: 1000 }, (_, c) => c);
    assert.deepEqual(listedClasses(output, 3, 4), [999, 998, 997, 3]);
  });
});

describe('the waterfall', () => {
  const model = new DecompositionModel(d, null);
  model.select(7);
  const contributions = product(model.subject.weights!, d.input.values);
  const parts = imageParts(contributions, 28);

  it('splits W∘x into named parts that sum to W·x', () => {
    close(
      parts.reduce((sum, part) => sum + part.sum, 0),
      model.subject.linear!,
    );
    for (const { selection, sum } of parts.filter(part => part.selection)) {
      close(sum, selectionSum(contributions, { width: 28, channels: 1 }, selection!));
    }
  });

  it('starts at b and ends at the logit of the network', () => {
    const { steps } = waterfall(model.subject, parts);
    assert.equal(steps[0].kind, 'bias');
    close(steps.at(-2)!.end, d.output[7], 1e-4);
    assert.equal(steps.at(-1)!.end, d.output[7]);
    assert.ok(!steps.some(step => step.kind === 'residual'));
  });

  it('shows what is left over as a separate bar instead of hiding it', () => {
    const { steps } = waterfall({ ...model.subject, output: model.subject.output! + 1 }, parts);
    const left = steps.find(step => step.kind === 'residual');
    close(left!.value, 1, 1e-4);
  });

  it('groups many layers and still ends at the logit', () => {
    const biasByLayer = Array.from({ length: 40 }, (_, i) => ({ layer: `conv${i}`, value: (i % 7) / 10 }));
    const bias = biasByLayer.reduce((sum, part) => sum + part.value, 0);
    const subject = { ...model.subject, biasByLayer, bias, output: model.subject.linear! + bias };
    const { steps } = waterfall(subject, parts);
    assert.equal(steps.filter(step => step.kind === 'bias').length, 5);
    close(steps.at(-2)!.end, subject.output, 1e-4);
  });

  it('has one bar for the whole of W·x while the row is missing', () => {
    const { steps } = waterfall({ ...model.subject, weights: null }, null);
    assert.deepEqual(
      steps.map(step => step.kind),
      ['bias', 'bias', 'bias', 'part', 'logit'],
    );
  });
});

describe('reading', () => {
  it('gives w, w·x and the exact sum over a selection for every class whose row is available', () => {
    const model = new DecompositionModel(d, null);
    model.select(7);
    model.brushOver({ top: 7, bottom: 9, left: 7, right: 20 });
    const at = 9 * 28 + 15;
    const result = readings(model, at);
    assert.deepEqual(new Set(result.map(r => r.label)), new Set(['7', '0', '1']));
    for (const reading of result) {
      const w = d.rows.get(Number(reading.label))!.values;
      assert.equal(reading.weights[0], w[at]);
      assert.equal(reading.contribution, w[at] * d.input.values[at]);
      let sum = 0;
      for (let r = 7; r <= 9; r++)
        for (let c = 7; c <= 20; c++) sum += w[r * 28 + c] * d.input.values[r * 28 + c];
      close(reading.sum, sum);
    }
  });
});

describe('imageShape(shape)', () => {
  it('recognizes gray and color images, and does not take a vector for one', () => {
    assert.deepEqual(imageShape([28, 28]), { height: 28, width: 28, channels: 1 });
    assert.deepEqual(imageShape([32, 24, 3]), { height: 32, width: 24, channels: 3 });
    assert.equal(imageShape([784]), null);
    assert.equal(imageShape([1, 784]), null);
    assert.equal(imageShape([2, 3, 4, 5]), null);
  });
});

describe('largestFeatures(w, x)', () => {
  const w = Float32Array.of(1, -4, 3, 0.5);
  const entries = (shape: number[], features?: string[]) => ({
    input: { shape, values: Float32Array.of(1, 1, 1, 2), rounding: 0 },
    features,
  });

  it('orders the entries by their contribution and sums the rest', () => {
    const { shown, others, othersSum, limit } = largestFeatures(w, entries([2, 2]), 'all', 2);
    assert.deepEqual(
      shown.map(f => [f.name, f.contribution]),
      [
        ['x[0, 1]', -4],
        ['x[1, 0]', 3],
      ],
    );
    assert.deepEqual([others, othersSum, limit], [2, 2, 4]);
  });

  it('keeps only the sign that is shown', () => {
    assert.deepEqual(
      largestFeatures(w, entries([4]), 'negative', 9).shown.map(f => f.name),
      ['x[1]'],
    );
  });

  it('uses the names of the entries if there are any', () => {
    const { shown } = largestFeatures(w, entries([4], ['age', 'income', 'debt', 'rooms']), 'all', 2);
    assert.deepEqual(
      shown.map(f => [f.index, f.name]),
      [
        [1, 'income'],
        [2, 'debt'],
      ],
    );
  });
});
