import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { atlas } from '../../kernel-ext/src/atlas/atlas';
import { census } from '../../kernel-ext/src/census/census';
import * as errors from '../../kernel-ext/src/errors';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { contrastEdit } from '../../kernel-ext/src/paths/contrast-edit';
import { path } from '../../kernel-ext/src/paths/path';
import { slice } from '../../kernel-ext/src/slices/slice';
import { pointTensor, labelsOf, type PointData } from '../../kernel-ext/src/tsne/points';
import { useBackend } from '../backend';
import { taken } from '../linear-map/close';

type ErrorClass = abstract new (...args: never[]) => Error;

/** A typed array that Node 20 does not have: its name is all that can be asked. */
class Float16Array extends Float32Array {
  override get [Symbol.toStringTag](): 'Float32Array' {
    return 'Float16Array' as 'Float32Array';
  }
}

function disposed(): tf.Tensor {
  const t = tf.ones([2]);
  t.dispose();
  return t;
}

const ragged = [[1, 2], [3]];

/** What is given as two numbers, the error, and what its message must tell. */
const wrong: [string, () => unknown, ErrorClass, RegExp][] = [
  ['null for a number', () => [1, null], errors.InputValueError, /x\[1\] is null.*filled in/],
  ['undefined for a number', () => [undefined, 1], errors.InputValueError, /x\[0\] is undefined/],
  ['a hole', () => [1, , 3], errors.InputValueError, /x\[1\] is undefined/], // eslint-disable-line no-sparse-arrays
  ['an array of holes', () => new Array(2), errors.InputValueError, /x\[0\] is undefined/],
  ['null within', () => [[1, 2], [3, null]], errors.InputValueError, /x\[1\]\[1\] is null/], // prettier-ignore
  ['nothing', () => undefined, errors.InputValueError, /x is undefined/],
  ['null', () => null, errors.InputValueError, /x is null/],
  ['a ragged row', () => ragged, errors.RaggedInputError, /x\[1\] has 1 entries.*2 entries.*padding/],
  ['a number among rows', () => [[1], 2], errors.RaggedInputError, /x\[1\] has a single entry/],
  ['a row among numbers', () => [1, [2]], errors.RaggedInputError, /x\[1\] has 1 entries.*a single entry/],
  ['a text among numbers', () => [1, '2'], errors.InputValueError, /x\[1\] is '2'/],
  ['texts', () => ['1', '2'], errors.DtypeError, /string.*map\(Number\)/],
  ['booleans', () => [true, false], errors.DtypeError, /bool/],
  ['a BigInt', () => [1n, 2n], errors.InputValueError, /x\[0\] is 1n.*Number\(/],
  ['BigInts', () => new BigInt64Array(2), errors.InputValueError, /BigInt64Array.*Number\(/],
  ['bytes', () => new DataView(new ArrayBuffer(8)), errors.InputValueError, /new Float32Array\(buffer\)/],
  ['a buffer', () => new ArrayBuffer(8), errors.InputValueError, /new Float32Array\(buffer\)/],
  ['a promise', () => Promise.resolve([1, 2]), errors.InputValueError, /a promise.*await/],
  ['a promise within', () => [1, Promise.resolve(2)], errors.InputValueError, /x\[1\] is a promise.*await/],
  [
    'an image',
    () => ({ data: new Uint8ClampedArray(8), width: 2, height: 1 }),
    errors.InputValueError,
    /image.*fromPixels/,
  ],
  ['pixels', () => new Uint8ClampedArray(2), errors.DtypeError, /Uint8ClampedArray.*div\(255\)/],
  ['16 bits', () => Int16Array.of(1, 2), errors.DtypeError, /Int16Array.*tf\.tensor\(x\)/],
  ['tensors in an array', () => [tf.ones([]), tf.ones([])], errors.InputValueError, /x\[0\].*tf\.stack/],
  ['a disposed tensor', disposed, errors.InputValueError, /disposed of/],
  ['an integer tensor', () => tf.ones([2], 'int32'), errors.DtypeError, /int32.*toFloat\(\).*from: layer/],
  ['a complex tensor', () => tf.complex([1, 2], [3, 4]), errors.DtypeError, /complex64.*tf\.real/],
  ['more than float32', () => [1, 1e39], errors.InputValueError, /x\[1\] is 1e\+39.*float32/],
  ['more, in float64', () => Float64Array.of(1, -1e300), errors.InputValueError, /x\[1\] is -1e\+300/],
  ['NaN', () => [1, NaN], errors.NonFiniteInputError, /NaN at \[1\]/],
  ['an infinity', () => Float64Array.of(1, Infinity), errors.NonFiniteInputError, /Infinity at \[1\]/],
  ['a function', () => () => [1, 2], errors.InputValueError, /a function/],
  ['a set', () => new Set([1, 2]), errors.InputNamesError, /inputs/],
];

/** Asserts that work is refused with an error that tells what is wrong, and that no tensor is left. */
async function refuses(work: () => unknown, error: ErrorClass, message: RegExp): Promise<void> {
  const before = tf.memory().numTensors;
  await assert.rejects(
    async () => void (await work()),
    (thrown: unknown) => {
      assert.ok(thrown instanceof error, String(thrown));
      assert.match(thrown.message, message);
      return true;
    },
  );
  assert.equal(tf.memory().numTensors, before);
}

describe('numbers from the caller', () => {
  useBackend('tensorflow');
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], activation: 'relu' }),
      tf.layers.dense({ units: 2 }),
    ],
  });

  for (const [what, make, error, message] of wrong)
    it(`cannot be ${what}`, async () => {
      const x = make() as tf.TensorLike;
      await refuses(() => linearize(model, x), error, message);
    });

  it('are read from whatever holds them as they are', async () => {
    for (const x of [
      [1.5, -2],
      tf.tensor1d([1.5, -2]),
      Float32Array.of(1.5, -2),
      Float64Array.of(1.5, -2) as unknown as Float32Array,
      new Float16Array([1.5, -2]),
    ]) {
      const lin = await linearize(model, x);
      assert.deepEqual([...(await lin.input.data())], [1.5, -2]);
      lin.dispose();
    }
    const batch = await linearize(model, [Float64Array.of(1, 2), [3, 4]] as never);
    assert.deepEqual(batch.input.arraySync(), [[1, 2], [3, 4]]); // prettier-ignore
    batch.dispose();
  });

  it('are checked the same way wherever x is taken, and each message names the command', async () => {
    const lin = await linearize(model, [1, 2]);
    const bad = [1, null] as never;
    for (const work of [
      async () => (await compile(model, [2])).linearize(bad),
      () => path(model, [1, 2], bad),
      () => slice(model, [1, 2], [2, 1], bad),
      () => contrastEdit(model, bad, 0, 1),
      () => linearize(({ a }: Record<string, tf.Tensor>) => a.mul(2), { a: bad }),
      () => census(model, [[1, 2], bad]),
      () => atlas(model, [[1, 2], bad]),
      () => pointTensor([[1, 2], bad]),
      () => lin.whatIf(bad),
      () => lin.instance(0).reach(bad),
      () => lin.weights.apply(bad),
      () => lin.weights.applyTranspose(bad),
      () => lin.contributionBySuperpixel(0, bad),
    ])
      await refuses(work, errors.InputValueError, /\[1\] is null/);
    await refuses(() => census(model, ragged), errors.RaggedInputError, /^census: data\[1\]/);
    await refuses(() => compile(model, undefined as never), errors.OptionError, /^compile: shape/);
    await refuses(() => compile(model, [1.5]), errors.ShapeError, /1\.5/);
    await refuses(() => compile(model, { a: [-1] }), errors.InputValueError, /a is \[-1\]/);
    const same = await lin.whatIf([1, 2]);
    assert.deepEqual([...(await taken(same.output))], [...(await taken(same.predicted))]);
    assert.equal(same.switched, 0);
    lin.dispose();
  });

  it('may be float64 or integers for an embedding, a census and an atlas', () => {
    for (const data of [
      [Float64Array.of(1, 2), Float64Array.of(3, 4)],
      [Uint8Array.of(1, 2), Uint8Array.of(3, 4)],
      tf.tensor2d([[1, 2], [3, 4]], undefined, 'int32'), // prettier-ignore
    ]) {
      const points = pointTensor(data as PointData);
      assert.deepEqual([points.dtype, points.arraySync()], ['float32', [[1, 2], [3, 4]]]); // prettier-ignore
    }
    assert.throws(() => pointTensor(tf.complex([[1], [2]], [[1], [2]])), errors.DtypeError);
    assert.throws(() => pointTensor([[1, 2], [3, NaN, 5]]), errors.RaggedInputError); // prettier-ignore
  });

  for (const [what, labels, message] of [
    ['a promise', Promise.resolve(['a', 'b']), /labels is a promise/],
    ['a text', 'ab', /labels is 'ab'/],
    ['null', null, /labels is null/],
    ['a tensor', tf.zeros([2]), /labels is an instance of Tensor/],
    ['a list with a gap', ['a', undefined], /labels\[1\] is undefined/],
    ['a list of objects', [{}, {}], /labels\[0\] is an object/],
  ] as const)
    it(`have no labels that are ${what}`, () =>
      refuses(
        () => linearize(model, [1, 2], { labels: labels as never }),
        errors.LabelsError,
        new RegExp(`^linearize: ${message.source}`),
      ));

  it('may lack a label where they are points', () => {
    assert.deepEqual(labelsOf([[1], [2]], 2, ['a', null]), ['a', null]); // prettier-ignore
    assert.deepEqual(labelsOf([[1], [2]], 2, Uint8Array.of(3, 4)), ['3', '4']); // prettier-ignore
    assert.throws(() => labelsOf([[1], [2]], 2, [{}, 'b'] as never), errors.LabelsError); // prettier-ignore
  });
});
