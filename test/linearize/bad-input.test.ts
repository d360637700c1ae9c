import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import * as errors from '../../kernel-ext/src/errors';
import { linearize, type LinearizeOptions } from '../../kernel-ext/src/linearization/linearize';
import type { Model } from '../../kernel-ext/src/capture/source';
import '../backend';

type ErrorClass = abstract new (...args: never[]) => Error;

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: 'relu', name: 'conv1' }),
    tf.layers.flatten({ name: 'flatten' }),
    tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }),
  ],
});

/** The branch with the kernel that has no rule comes after another branch, which does not lead to that kernel. */
function branched(): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const left = tf.layers.dense({ units: 2, name: 'left' }).apply(input) as tf.SymbolicTensor;
  const right = tf.layers.dense({ units: 2, name: 'right' }).apply(input) as tf.SymbolicTensor;
  const remainder = new Remainder({ name: 'remainder' }).apply(left) as tf.SymbolicTensor;
  const sum = tf.layers.add().apply([right, remainder]) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: sum });
}

/** A layer whose kernel has no rule. */
class Remainder extends tf.layers.Layer {
  static className = 'Remainder';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mod([inputs].flat()[0], 2);
  }
}

const unsupported = tf.sequential({
  layers: [
    tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'first' }),
    new Remainder({ name: 'remainder' }),
    tf.layers.dense({ units: 2, name: 'last' }),
  ],
});

function disposed(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1] })] });
  model.build();
  model.dispose();
  return model;
}

const good = () => tf.ones([6, 6, 1]);

/** What is wrong, how it is called, the error, and what its message must name. */
const faults: [string, () => { model: Model; x: unknown; options?: LinearizeOptions }, ErrorClass, RegExp][] =
  [
    [
      'a wrong shape',
      () => ({ model, x: tf.ones([6, 5, 1]) }),
      errors.ShapeError,
      /\[6, 5, 1\].*\[6, 6, 1\]/,
    ],
    ['a wrong rank', () => ({ model, x: tf.ones([36]) }), errors.ShapeError, /\[36\].*\[6, 6, 1\]/],
    ['an empty batch', () => ({ model, x: tf.ones([0, 6, 6, 1]) }), errors.EmptyInputError, /\[0, 6, 6, 1\]/],
    ['integers', () => ({ model, x: tf.ones([6, 6, 1], 'int32') }), errors.DtypeError, /int32.*toFloat/],
    ['strings', () => ({ model, x: [['a']] }), errors.DtypeError, /string/],
    ['NaN', () => ({ model, x: good().add(NaN) }), errors.NonFiniteInputError, /NaN at \[0, 0, 0\]/],
    ['an infinity', () => ({ model, x: good().div(0) }), errors.NonFiniteInputError, /Infinity at/],
    [
      'a model without weights',
      () => ({ model: tf.sequential(), x: [1] }),
      errors.ModelError,
      /no layers and so no weights.*inputShape/,
    ],
    [
      'a model whose weights are gone',
      () => ({ model: disposed(), x: [1] }),
      errors.ModelError,
      /disposed of/,
    ],
    ['no model', () => ({ model: null as never, x: [1] }), errors.ModelError, /null/],
    [
      'a promise of a model',
      () => ({ model: Promise.resolve(model) as never, x: [1] }),
      errors.ModelError,
      /await/,
    ],
    [
      'a function that returns no tensor',
      () => ({ model: (() => 3) as never, x: [1, 2] }),
      errors.ModelError,
      /did not return one tensor/,
    ],
    [
      'a function that ignores x',
      () => ({ model: () => tf.ones([2]), x: [1, 2] }),
      errors.DisconnectedError,
      /the output does not depend on x/,
    ],
    [
      'a layer without a rule',
      () => ({ model: unsupported, x: [1, 2, 3] }),
      errors.UnsupportedKernelError,
      /Mod in layer 'remainder'.*\{to: 'first'\}/,
    ],
    [
      'a layer without a rule on one of two branches',
      () => ({ model: branched(), x: [1, 2, 3] }),
      errors.UnsupportedKernelError,
      /Mod in layer 'remainder'.*\{to: 'left'\}/,
    ],
    [
      'an output that is a gate',
      () => ({ model: (x: tf.Tensor) => tf.sign(x), x: [1, 2] }),
      errors.UnsupportedKernelError,
      /Sign.*W is zero/,
    ],
    [
      'an output that is a position',
      () => ({ model: (x: tf.Tensor) => tf.argMax(x.mul(2)), x: [1, 2] }),
      errors.UnsupportedKernelError,
      /ArgMax.*same on the whole linear region.*\{to: 'Multiply_0'\}/,
    ],
    [
      'a policy that does not exist',
      () => ({ model, x: good(), options: { policy: 'slope' as never } }),
      errors.PolicyError,
      /"slope".*tangent, gate/,
    ],
    [
      'a policy for a layer that does not exist',
      () => ({ model, x: good(), options: { policy: { attention: 'gate' } } }),
      errors.LayerNameError,
      /attention.*conv1/,
    ],
    [
      'an unknown layer',
      () => ({ model, x: good(), options: { to: 'conv2' } }),
      errors.LayerNameError,
      /conv2.*conv1/,
    ],
    [
      'too few labels',
      () => ({ model, x: good(), options: { labels: ['a'] } }),
      errors.NameCountError,
      /1 labels for 3/,
    ],
    [
      'a model that gives NaN',
      () => ({ model: (x: tf.Tensor) => x.mul(Infinity), x: [0, 1] }),
      errors.NonFiniteOutputError,
      /output 0 is NaN/,
    ],
  ];

describe('linearize with bad input', () => {
  for (const [what, call, errorClass, message] of faults) {
    it(`rejects ${what} with ${errorClass.name} and leaves no tensor behind`, async () => {
      const { model, x, options } = call();
      const before = tf.memory().numTensors;
      await assert.rejects(linearize(model, x as tf.Tensor, options), error => {
        assert.ok(error instanceof errorClass, `${error}`);
        assert.ok(error instanceof errors.PiecewiseError);
        assert.equal(error.name, errorClass.name);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('passes on an error of the function itself and restores the engine', async () => {
    const before = { tensors: tf.memory().numTensors, runKernel: tf.engine().runKernel };
    const broken = () => {
      throw new RangeError('mine');
    };
    await assert.rejects(linearize(broken, [1, 2]), RangeError);
    assert.equal(tf.memory().numTensors, before.tensors);
    assert.equal(tf.engine().runKernel, before.runKernel);
  });

  it('leaves the layers unchanged', async () => {
    (await linearize(model, good())).dispose();
    assert.ok(model.layers.every(layer => !Object.hasOwn(layer, 'call')));
  });
});

describe('Linearization with bad arguments', () => {
  for (const [what, call] of [
    ['row(3)', lin => lin.row(3)],
    ['row(−1)', lin => lin.row(-1)],
    ['row(0.5)', lin => lin.row(0.5)],
    ['contribution(3)', lin => lin.contribution(3)],
    ['contrast(0, 7)', lin => lin.contrast(0, 7)],
    ['weights.rows([0, 3])', lin => lin.weights.rows([0, 3])],
  ] as [string, (lin: Awaited<ReturnType<typeof linearize>>) => Promise<unknown>][]) {
    it(`rejects ${what} of three classes with ClassIndexError`, async () => {
      const lin = await linearize(model, good());
      const before = tf.memory().numTensors;
      await assert.rejects(call(lin), errors.ClassIndexError);
      assert.equal(tf.memory().numTensors, before);
      lin.dispose();
    });
  }

  it('rejects vectors of the wrong length with VectorShapeError', async () => {
    const lin = await linearize(model, good());
    await assert.rejects(lin.weights.apply(tf.ones([5])), errors.VectorShapeError);
    await assert.rejects(lin.weights.applyTranspose(tf.ones([4])), errors.VectorShapeError);
    lin.dispose();
  });

  it('refuses to write out a W that exceeds the memory budget, and reports its size', async () => {
    const lin = await linearize(model, good(), { memory: 100 });
    await assert.rejects(lin.weights.toTensor(), error => {
      assert.ok(error instanceof errors.MemoryBudgetError);
      assert.match(error.message, /W takes 432 bytes, but the budget is 100 bytes\. .*row\(c\)/);
      return true;
    });
    lin.dispose();
    const large = new errors.MemoryBudgetError(1.5 * 2 ** 30, 2 ** 28);
    assert.match(large.message, /W takes 1\.5 GiB, but the budget is 256 MiB/);
  });

  it('throws DisposedError at any use after dispose()', async () => {
    const lin = await linearize(model, good());
    lin.dispose();
    lin.dispose();
    for (const use of [
      lin.row(0),
      lin.residual(),
      lin.biasByLayer(),
      lin.contrast(0, 1),
      lin.weights.toTensor(),
    ]) {
      await assert.rejects(use, errors.DisposedError);
    }
  });
});

describe('tensors of a linearization', () => {
  it('are all gone after dispose() and after disposing what the methods returned', async () => {
    const x = good();
    await (await linearize(model, x)).dispose();
    const before = tf.memory().numTensors;
    const lin = await linearize(model, x);
    const results = [
      await lin.row(0),
      await lin.contribution(1),
      await lin.contrast(0, 1),
      await lin.weights.rows([0, 1]),
      await lin.weights.toTensor(),
      await lin.weights.apply(x),
      await lin.weights.applyTranspose(lin.output),
    ];
    await lin.residual();
    await lin.biasByLayer();
    tf.dispose(results);
    lin.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.equal(x.isDisposed, false);
    x.dispose();
  });
});
