import assert from 'node:assert/strict';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs';
import { compile, layerNames, linearize, loadOnnx, path } from '../../kernel-ext/src';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import * as errors from '../../kernel-ext/src/public-errors';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { graph, integers, model as toModel, node, value } from '../onnx-file/small-model';
import { cnn, cnnBytes, flat, masked, mlp, numbers, oneHotReader, reader, sound, TABLE } from './networks';

/** Rounding of float32 in networks as small as these; the largest seen is 4e-7. */
const TOLERANCE = 1e-5;

const image = (count?: number) =>
  tf.tensor(numbers(72 * (count ?? 1), 11), [...(count === undefined ? [] : [count]), 2, 6, 6]);

describe('linearize(an OnnxModel, x)', () => {
  useBackend('tensorflow');
  let model: OnnxModel;
  before(async () => (model = await cnn()));
  after(() => model.dispose());

  for (const executor of ['tfjs', 'onnx'] as const)
    it(`gives F, W and b of the file, without the softmax, by ${executor}`, async () => {
      const x = image();
      const before = tf.memory().numTensors;
      const lin = await linearize(model, x, { executor });
      assert.deepEqual([lin.cut, lin.to, lin.from, lin.exact], ['softmax', 'logits', 'input', true]);
      const classes = tf.softmax(lin.output);
      const { classes: wanted } = await model.run(x);
      assertClose('softmax of F(x)', await taken(classes), await taken(wanted));
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      lin.dispose();
      assert.equal(tf.memory().numTensors, before);
      x.dispose();
    });

  it('has the slope that onnxruntime measures', async () => {
    const x = image();
    const lin = await linearize(model, x, { to: 'pool' });
    const direction = tf.tensor(numbers(72, 12), [2, 6, 6]);
    const session = await InferenceSession.create(cnnBytes('N', 'p'));
    const step = 1e-3;
    const [up, down] = await Promise.all(
      [step, -step].map(async t => {
        const moved = await taken(x.add(direction.mul(t)));
        const { p } = await session.run({ image: new OnnxTensor('float32', moved, [1, 2, 6, 6]) });
        return p.data as Float32Array;
      }),
    );
    await session.release();
    const slope = Array.from(up, (y, i) => (y - down[i]) / (2 * step));
    assert.equal(slope.length, 36);
    const pushed = await taken(lin.weights.apply(direction));
    const scale = Math.max(...pushed.map(Math.abs));
    slope.forEach((value, i) => assert.ok(Math.abs(value - pushed[i]) <= 2e-3 * scale, `${i}: ${value}`));
    lin.dispose();
  });

  it('sums once over an axis that is named twice, as onnxruntime does', async () => {
    const nodes = [node('ReduceSum', ['x', 'axes'], ['y'], { keepdims: 0 })];
    const [inputs, outputs] = [[value('x', ['N', 2, 3])], [value('y', ['N', 2])]];
    const weights = [integers('axes', [-1, 2])];
    const summed = await loadOnnx(toModel(graph({ nodes, weights, inputs, outputs })));
    const lin = await linearize(summed, [[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    assert.deepEqual([...(await lin.output.data())], [6, 15]);
    assert.deepEqual(await taken(lin.row(1)), Float32Array.of(0, 0, 0, 1, 1, 1));
    lin.dispose();
    summed.dispose();
  });

  it('takes batches of any size, and shows one instance of them', async () => {
    const batch = image(3);
    const lin = await linearize(model, batch);
    assert.deepEqual(lin.output.shape, [3, 3]);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const alone = await linearize(model, batch.slice([1, 0, 0, 0], [1, -1, -1, -1]).squeeze([0]));
    const [row] = await lin.instance(1).rows([2]);
    assertClose('row', row, await taken(alone.row(2)));
    lin.dispose();
    alone.dispose();
  });

  it('starts and ends at the layers that layerNames lists', async () => {
    assert.deepEqual(layerNames(model), ['conv', 'relu', 'pool', 'flat', 'fc', 'softmax']);
    const lin = await linearize(model, image(), { from: 'pool', to: 'fc' });
    assert.deepEqual(lin.weights.shape, [3, 36]);
    const channels = await lin.contributionByChannel(0);
    assert.deepEqual(channels.shape, [4], 'channels first');
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    await assert.rejects(linearize(model, image(), { to: 'pol' }), errors.LayerNameError);
  });

  it('is compiled, printed and checked for its shape', async () => {
    const linearizer = await compile(model, [2, 6, 6]);
    assert.match(linearizer.summary(), /^input → logits: W is 3 × 72\nconv /);
    await assert.rejects(compile(model, [6, 6, 2]), errors.ShapeError);
    await assert.rejects(linearize(model, [1, 2]), errors.ShapeError);
  });

  it('runs a file for one instance one by one', async () => {
    const [one, many] = [await cnn(1), model];
    const batch = image(3);
    const [lin, wanted] = [await linearize(one, batch), await linearize(many, batch)];
    assertClose('F', await lin.output.data(), await wanted.output.data());
    assertClose('W', await taken(lin.weights.rows([1])), await taken(wanted.weights.rows([1])));
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    const linearizer = await compile(one, [3, 2, 6, 6]);
    await assert.rejects(linearizer.save('never-written.onnx'), errors.ModelError);
    for (const each of [lin, wanted]) each.dispose();
    one.dispose();
  });

  it('is refused once its model has been disposed of', async () => {
    const gone = await mlp();
    const lin = await linearize(gone, [1, 2, 3, 4]);
    gone.dispose();
    await assert.rejects(lin.residual(), errors.ModelChangedError);
    await assert.rejects(linearize(gone, [1, 2, 3, 4]), /disposed of. Load it again with loadOnnx/);
    lin.dispose();
  });
});

describe('inputs of an OnnxModel', () => {
  useBackend('tensorflow');

  it('go in by name; floats move, and integers beside them are held', async () => {
    const model = await sound();
    const before = tf.memory().numTensors;
    for (const rate of [2, 5]) {
      const lin = await linearize(model, { sound: [1, 0, 2], state: [10, 20], rate: rate as never });
      assert.deepEqual([...(await lin.output.data())], [21 * rate, 34 * rate]);
      const { sound: w, state } = lin.byInput(await lin.row(1));
      assert.deepEqual([...(await taken(w))], [2 * rate, 4 * rate, 6 * rate]);
      assert.deepEqual([...(await taken(state))], [0, rate]);
      assert.ok((await lin.residual()).relative <= TOLERANCE);
      lin.dispose();
    }
    await assert.rejects(linearize(model, [1, 0, 2]), errors.ModelError);
    await assert.rejects(linearize(model, { sound: [1, 0, 2], state: [1, 2] }), errors.InputNamesError);
    const pair = { sound: [[1, 0, 2], [0, 1, 0]], state: [10, 20], rate: 2 as never }; // prettier-ignore
    await assert.rejects(linearize(model, pair), errors.ModelError);
    await assert.rejects(compile(model, { sound: [3], state: [2], rate: [] }), /held at their values/);
    assert.equal(tf.memory().numTensors, before + 2, 'the two rows that the test took');
    model.dispose();
  });

  it('that are held are the same for a whole batch', async () => {
    const model = await sound(false);
    const batch = [[1, 0, 2], [0, 1, 0]]; // prettier-ignore
    const lin = await linearize(model, { sound: batch, rate: 3 as never });
    assert.deepEqual(await lin.output.array(), [[33, 42], [9, 12]]); // prettier-ignore
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    model.dispose();
  });

  for (const executor of ['tfjs', 'onnx'] as const)
    it(`that are held may differ from instance to instance of a batch, by ${executor}`, async () => {
      const model = await masked();
      const words = [[[1, -1], [2, 3], [-4, 5]], [[2, 2], [-1, 1], [3, -2]], [[1, 1], [1, 1], [1, 1]]]; // prettier-ignore
      const mask = [[1, 1, 0], [0, 1, 1], [1, 0, 1]]; // prettier-ignore
      const w = [[1, 2], [-3, 4]]; // prettier-ignore
      const slope = (n: number, c: number) =>
        words[n].flatMap((word, t) => word.map((value, e) => (mask[n][t] === 1 && value > 0 ? w[e][c] : 0)));
      const lin = await linearize(model, { words, mask }, { executor });
      const { y } = await model.run({ words, mask });
      assertClose('F', await lin.output.data(), await taken(y));
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      for (const c of [0, 1]) {
        const expected = words.flatMap((_, n) => slope(n, c));
        assertClose('W', await taken(await lin.row(c)), expected);
      }
      for (const n of [2, 0, 1]) {
        const [row] = await lin.instance(n).rows([1]);
        assertClose('row', row, slope(n, 1));
        const other = words[n].flat().map(value => value / 2);
        const { output } = await lin.instance(n).whatIf(other);
        const alone = await model.run({ words: words[n].map(word => word.map(v => v / 2)), mask: mask[n] });
        assertClose('what-if', await taken(output), await taken(alone.y));
      }
      lin.dispose();
      const same = await linearize(model, { words, mask: [mask[0], mask[0], mask[0]] }, { executor });
      const one = await linearize(model, { words, mask: mask[0] }, { executor });
      assert.deepEqual(await same.output.array(), await one.output.array());
      for (const each of [same, one]) each.dispose();
      for (const bad of [mask.slice(1), [...mask, mask[0]]])
        await assert.rejects(linearize(model, { words, mask: bad }), errors.NamedBatchError);
      await assert.rejects(linearize(model, { words: words[0], mask }), errors.NamedBatchError);
      model.dispose();
    });

  it('that are held have to be the same at both ends of a path', async () => {
    const model = await masked();
    const before = tf.memory().numTensors;
    const [from, to] = [[[1, -1], [2, 3], [-4, 5]], [[2, 2], [-1, 1], [3, -2]]]; // prettier-ignore
    const end = { words: to, mask: [0, 1, 1] };
    const line = await path(model, { words: from, mask: [0, 1, 1] } as never, end as never);
    const { y } = await model.run(end);
    assertClose('F', line.outputAt(1), await taken(y));
    await assert.rejects(path(model, { words: from, mask: [1, 1, 0] } as never, end as never), {
      name: 'ModelError',
      message: /the same 'mask'/,
    });
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });

  it('have their channels where the caller of loadOnnx says, if the network does not tell', async () => {
    for (const [layout, channels] of [
      ['NCHW', 2],
      ['NHWC', 3],
      [undefined, 3],
    ] as const) {
      const model = await flat(layout === undefined ? {} : { layout });
      const lin = await linearize(model, tf.ones([2, 4, 3]));
      assert.deepEqual((await lin.contributionByChannel(0)).shape, [channels], layout);
      lin.dispose();
      model.dispose();
    }
  });

  it('that are token ids alone let the map start after the embedding', async () => {
    const model = await reader();
    const lin = await linearize(model, tf.tensor1d([3, 0, 4], 'int32'));
    assert.deepEqual([lin.from, lin.input.shape], ['embedding', [3, 2]]);
    const words = [3, 0, 4].map(id => TABLE.slice(2 * id, 2 * id + 2));
    assertClose('x', await lin.input.data(), words.flat());
    assertClose('W', await taken(lin.row(0)), [3, 0, 3, 0, 3, 0]);
    assertClose(
      'F',
      await lin.output.data(),
      [0, 1].map(i => 3 * words.reduce((sum, w) => sum + w[i], 0)),
    );
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    model.dispose();
  });

  it('that are compared with all ids let the map start after the one-hot', async () => {
    const model = await oneHotReader();
    const ids = [3, 0, 4];
    const lin = await linearize(model, tf.tensor1d(ids, 'int32'));
    assert.deepEqual([lin.from, lin.input.shape], ['one-hot', [3, 5]]);
    const hot = ids.flatMap(id => [0, 1, 2, 3, 4].map(word => Number(word === id)));
    assertClose('x', await lin.input.data(), hot);
    const column = [0, 1, 2, 3, 4].map(word => TABLE[2 * word + 1]);
    assertClose('W', await taken(lin.row(1)), [...column, ...column, ...column]);
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    model.dispose();
  });
});
