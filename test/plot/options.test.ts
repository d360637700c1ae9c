import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  atlas,
  census,
  compile,
  contrastEdit,
  data,
  type Linearization,
  linearize,
  type Path,
  path,
  plot,
  progress,
  selection,
  slice,
  toCsv,
} from '../../kernel-ext/src';
import {
  CensusDataError,
  ClassIndexError,
  DataFileError,
  NamedBatchError,
  OptionError,
  ShapeError,
} from '../../kernel-ext/src/public-errors';
import { bundleOf } from './bundle-of';

const X = [1, 2, 3];
const X2 = [3, 1, 2];
const BATCH = [X, X2, [0, 1, 1]];

describe('an option of a wrong type is refused by name', () => {
  let model: tf.LayersModel;
  let lin: Linearization;
  let line: Path;
  before(async () => {
    model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, activation: 'relu', inputShape: [3], name: 'hidden' }),
        tf.layers.dense({ units: 2, name: 'last' }),
      ],
    });
    lin = await linearize(model, X);
    line = await path(model, X, X2);
  });
  after(() => (lin.dispose(), model.dispose()));

  /** Each wrong value of an option must be refused, and leave no tensor. */
  async function refusedEach(
    command: string,
    wrong: object,
    call: (options: never) => unknown,
  ): Promise<void> {
    for (const [option, values] of Object.entries(wrong) as [string, unknown[]][])
      for (const value of values) {
        const tensors = tf.memory().numTensors;
        await assert.rejects(
          async () => call({ [option]: value } as never),
          (e: unknown) => {
            assert.ok(e instanceof OptionError, `${command} ${option} ${String(value)}: ${String(e)}`);
            assert.deepEqual([e.command, e.option, e.received], [command, option, value]);
            return true;
          },
        );
        assert.equal(tf.memory().numTensors, tensors, option);
      }
  }

  const ENDS = { to: [1, null, {}], policy: [3, null] };
  const RUN = {
    ...ENDS,
    memory: [0, -1, '1 GB', NaN],
    executor: ['gpu', 1],
    signal: [5, {}],
    onProgress: ['x'],
  };

  it('by the commands that take a model', async () => {
    await refusedEach('linearize', { ...RUN, from: [0] }, options => linearize(model, X, options));
    await refusedEach('compile', { ...ENDS, from: [0] }, options => compile(model, [3], options));
    await refusedEach('path', RUN, options => path(model, X, X2, options));
    await refusedEach('contrastEdit', RUN, options => contrastEdit(model, X, 0, 1, options));
    await refusedEach('census', RUN, options => census(model, BATCH, options));
    await refusedEach('atlas', RUN, options => atlas(model, BATCH, options));
    const plane = { ...RUN, limit: [0, 1.5, 'all'], center: [0, [0], ['a', 1]] };
    await refusedEach('slice', plane, options => slice(model, X, X2, BATCH[2], options));
    for (const shape of [3, undefined, 'x'])
      await assert.rejects(compile(model, shape as never), OptionError, String(shape));
    await assert.rejects(linearize(model, X, 'hidden' as never), OptionError);
    await assert.rejects(contrastEdit(model, X, 1, 1), OptionError);
  });

  it('by the questions to a linearization and a path', async () => {
    const radius = { norm: ['l1'], ties: ['no'], exact: [0, 'yes'], signal: [1] };
    await refusedEach('radius', radius, options => lin.radius(options));
    const model = ['https://example.org/model.json', 's3://bucket/model.json', 5, {}];
    await refusedEach('certificate', { ...radius, model }, options => lin.certificate(options));
    await refusedEach('residual', { every: ['x', 1] }, options => lin.residual(options));
    await refusedEach('saveNumbers', { rows: [5, '7'] }, options => toCsv(lin, options));
    await refusedEach('LinearMap.norm', { kind: ['l2'] }, ({ kind }) => lin.weights.norm(kind));
    await refusedEach('Path.sampled', { rule: ['middle'] }, ({ rule }) => line.sampled(0, 2, rule));
    await refusedEach('Path.outputAt', { t: ['0', 1.5, -0.1, NaN] }, ({ t }) => line.outputAt(t));
    const isText = (e: unknown) => e instanceof ClassIndexError && /no output '1'/.test(e.message);
    await assert.rejects(lin.contribution('1' as never), isText);
  });

  it('by plot, progress, selection and data', async () => {
    const texts = { title: [5, {}], caption: [5], xLabel: [5], yLabel: [[]], color: [5] };
    const chart = { ...texts, x: [5, {}], y: [5], log: [true, 'z'], columns: [0, 'a', 1.5] };
    await refusedEach('plot', chart, options => bundleOf([1, 2], options));
    await refusedEach('plot', { columns: [0, 'a'] }, options => bundleOf(BATCH, options));
    await refusedEach('progress', { label: [5], total: ['a', -1, NaN] }, options => progress.bar(options));
    assert.throws(() => [...progress(5 as never)], OptionError);
    await assert.rejects(selection(lin as never), OptionError);
    await refusedEach('data.mnist', { split: ['all', 1] }, ({ split }) => data.mnist(split));
    await refusedEach('data.cifar10', { split: ['all'] }, ({ split }) => data.cifar10(split));
    await refusedEach('data.fashionMnist', { split: ['all'] }, ({ split }) => data.fashionMnist(split));
    for (const read of [data.csv, data.npy, data.idx]) {
      await assert.rejects(read(5 as never), OptionError);
      await assert.rejects(
        read('nowhere.bin'),
        (e: unknown) => e instanceof DataFileError && /does not exist/.test(e.message),
      );
      await assert.rejects(
        read(__dirname),
        (e: unknown) => e instanceof DataFileError && /is a folder/.test(e.message),
      );
    }
    await assert.rejects(plot(lin, 'title' as never), OptionError);
  });

  it('but undefined is the default', async () => {
    const options = {
      to: undefined,
      policy: undefined,
      memory: undefined,
      executor: undefined,
      labels: undefined,
    };
    (await linearize(model, X, options)).dispose();
    assert.ok(await bundleOf([1, 2], { title: undefined, log: undefined }));
  });
});

describe('inputs of another shape are refused in the words of what was asked', () => {
  it('named inputs whose batches differ, or one of which has another shape', async () => {
    const [a, b] = [tf.input({ shape: [3], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const joined = tf.layers.concatenate().apply([a, b]);
    const two = tf.model({
      inputs: [a, b],
      outputs: tf.layers.dense({ units: 2 }).apply(joined) as tf.SymbolicTensor,
    });
    const given = { a: BATCH, b: [[1, 2], [3, 4]] }; // prettier-ignore
    await assert.rejects(linearize(two, given), (e: unknown) => {
      assert.ok(e instanceof NamedBatchError);
      assert.deepEqual(e.instances, { a: 3, b: 2 });
      return true;
    });
    await assert.rejects(linearize(two, { a: X, b: given.b }), /'a' one instance, 'b' a batch of 2/);
    const isB = (e: unknown) =>
      e instanceof ShapeError && e.input === 'b' && /input 'b' has shape \[3\]/.test(e.message);
    await assert.rejects(linearize(two, { a: X, b: X }), isB);
    two.dispose();
  });

  it('one image, or other images, instead of a data set', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [4, 3, 1] }),
        tf.layers.dense({ units: 2, activation: 'relu' }),
      ],
    });
    const tensors = tf.memory().numTensors;
    const [image, others] = [tf.ones([4, 3, 1]), tf.ones([2, 3, 4, 1])];
    for (const command of [census, atlas]) {
      await assert.rejects(
        command(model, image),
        (e: unknown) => e instanceof CensusDataError && /\[4, 3, 1\], is one instance/.test(e.message),
      );
      await assert.rejects(
        command(model, others),
        (e: unknown) =>
          e instanceof CensusDataError &&
          /instances of shape \[3, 4, 1\], but the model takes instances of shape \[4, 3, 1\]/.test(
            e.message,
          ),
      );
    }
    tf.dispose([image, others]);
    assert.equal(tf.memory().numTensors, tensors);
    model.dispose();
  });
});
