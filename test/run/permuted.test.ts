import assert from 'node:assert/strict';
import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs';
import seedrandom from 'seedrandom';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { Graph } from '../../kernel-ext/src/plan/graph';
import { run } from '../../kernel-ext/src/run/tfjs';

const done = () => Promise.resolve();

/** What TensorFlow.js gives when it computes each operation eagerly, in the order of the graph. */
type Eager = Map<number, tf.Tensor>;

/** A random graph of operations that carry permutations on, and the value of each node. */
function randomGraph(random: () => number): { graph: Graph; input: number; values: Eager } {
  const upTo = (n: number) => Math.floor(random() * n);
  const graph = new Graph();
  const values: Eager = new Map();
  const input = graph.input('x', [2, 3, 4, 5]);
  values.set(input, tf.randomUniform([2, 3, 4, 5], -1, 1, 'float32', upTo(1e6)));
  for (let step = 0; step < 14; step++) {
    const a = [...values.keys()][upTo(values.size)];
    const x = values.get(a)!;
    const axes = tf.util.createShuffledIndices(x.rank);
    const permutation = random() < 0.5 ? [...axes] : [0, ...[...axes].filter(axis => axis !== 0)];
    const peers = [...values.keys()].filter(b => values.get(b)!.shape.join() === x.shape.join());
    const b = peers[upTo(peers.length)];
    const along = tf.randomUniform(
      x.shape.map((d, i) => (i === upTo(x.rank) ? d : 1)),
      -1,
      1,
      'float32',
      step,
    );
    const line = () => graph.constant({ values: along.dataSync<'float32'>(), shape: along.shape });
    const [front, ...rest] = x.shape;
    const made: [number, tf.Tensor] = (
      [
        () => [graph.permute(a, permutation), tf.transpose(x, permutation)],
        () => [graph.permute(a, permutation), tf.transpose(x, permutation)],
        () => [graph.elementwise('add', a, b), tf.add(x, values.get(b)!)],
        () => [graph.elementwise('multiply', a, line()), tf.mul(x, along)],
        () => [graph.concat([a, b], x.rank - 1), tf.concat([x, values.get(b)!], x.rank - 1)],
        () => (x.rank > 2 ? [graph.reduceSum(a, [1, x.rank - 1]), tf.sum(x, [1, x.rank - 1])] : [a, x]),
        () => [graph.reshape(a, [1, front, ...rest]), tf.reshape(x, [1, front, ...rest])],
        () => [graph.softmax(a), tf.softmax(x)],
        () => [
          graph.pad(
            a,
            x.shape.map((_, i) => [i % 2, 1]),
          ),
          tf.pad(
            x,
            x.shape.map((_, i) => [i % 2, 1]),
          ),
        ],
        () => {
          const begin = x.shape.map((d, i) => (i % 2 === 0 && d > 1 ? 1 : 0));
          const shape = x.shape.map((d, i) => d - begin[i]);
          return [graph.slice(a, begin, shape), tf.slice(x, begin, shape)];
        },
        () => [graph.broadcast(line(), [2, ...x.shape]), tf.broadcastTo(along, [2, ...x.shape])],
      ] as (() => [number, tf.Tensor])[]
    )[upTo(11)]();
    if (made[1].rank <= 5 && made[1].size < 5000) values.set(...made);
  }
  return { graph, input, values };
}

describe('values whose axes are permuted only where it matters', () => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('equal what TensorFlow.js computes eagerly in 300 random graphs, and leave no tensor', async () => {
    const random = seedrandom('graphs');
    for (let i = 0; i < 300; i++) {
      const { graph, input, values } = randomGraph(random);
      const before = tf.memory().numTensors;
      const wanted = [...values.keys()].filter(id => id !== input);
      const results = await run(graph, new Map([[input, values.get(input)!]]), wanted, done);
      for (const [at, id] of wanted.entries()) {
        const expected = values.get(id)!;
        assert.deepEqual(results[at].shape, expected.shape);
        const [got, right] = [results[at].dataSync(), expected.dataSync()];
        // Sums may be taken in another order: measured up to 3e-6 of the sums of 5,000 numbers.
        right.forEach((value, k) => assert.ok(Math.abs(value - got[k]) <= 2e-5 * (1 + Math.abs(value))));
      }
      tf.dispose(results);
      assert.equal(tf.memory().numTensors, before);
    }
  });

  it('keep the channels last in a network of convolutions whose file has them first', async () => {
    const file = await loadOnnx('test/fixtures/onnx/resnet.dynamo.onnx');
    const x = tf.randomNormal([1, 3, 16, 16], 0, 1, 'float32', 3);
    const profile = await tf.profile(async () => {
      const lin = await linearize(file, x, { executor: 'tfjs' });
      const rows = await lin.weights.toTensor();
      lin.dispose();
      return rows;
    });
    const count = (name: string) => profile.kernels.filter(kernel => kernel.name === name).length;
    assert.ok(count('Conv2D') >= 5, `${count('Conv2D')} convolutions`);
    // Of x, of the pooled activations, and of W, rather than two for each convolution.
    assert.ok(count('Transpose') <= 6, `${count('Transpose')} permutations`);
    file.dispose();
  });
});
