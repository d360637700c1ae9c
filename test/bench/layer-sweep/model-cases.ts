import * as tf from '@tensorflow/tfjs';
import { applied, stacked, type LayerCase } from './layer-case';
import { ForcedDropout, UnseededNoise, TwoOutputs } from './own-layers';

const dense = (units = 3, inputShape?: number[]) =>
  tf.layers.dense({ units, activation: 'relu', ...(inputShape && { inputShape }) });

/** The ways in which a LayersModel can be built, and models that draw at random each time they run. */
export function modelCases(): LayerCase[] {
  return [...nested(), ...ofInputs(), ...rebuilt(), ...random()];
}

const nested = (): LayerCase[] => [
  stacked('sequential of sequentials', () => [
    tf.sequential({ layers: [dense(3, [4])] }),
    tf.sequential({ layers: [dense(2, [3])] }),
  ]),
  {
    name: 'sequential by add',
    build: () => {
      const model = tf.sequential();
      model.add(dense(3, [4]));
      model.add(dense(2));
      return model;
    },
  },
  {
    name: 'a nested model that is used twice',
    build: () => {
      const input = tf.input({ shape: [4] });
      const inner = tf.sequential({ layers: [dense(4, [4])] });
      return tf.model({ inputs: input, outputs: applied(inner, applied(inner, input)) });
    },
  },
  {
    name: 'a layer that is used twice',
    build: () => {
      const input = tf.input({ shape: [4] });
      const shared = dense(4);
      return tf.model({ inputs: input, outputs: applied(shared, applied(shared, input)) });
    },
  },
  {
    name: 'a layer of its own with two outputs',
    build: () => {
      const input = tf.input({ shape: [3] });
      const both = new TwoOutputs({}).apply(input) as tf.SymbolicTensor[];
      return tf.model({ inputs: input, outputs: applied(tf.layers.add(), both) });
    },
  },
];

const ofInputs = (): LayerCase[] => [
  {
    name: 'a fixed batch',
    build: () => {
      const input = tf.input({ batchShape: [4, 3] });
      return tf.model({ inputs: input, outputs: applied(dense(6), input) });
    },
  },
  {
    name: 'sides of any length',
    build: () => {
      const input = tf.input({ shape: [null, null, 2] });
      const image = applied(tf.layers.conv2d({ filters: 2, kernelSize: 2 }), input);
      return tf.model({
        inputs: input,
        outputs: applied(tf.layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }), image),
      });
    },
  },
  ...(['int32', 'bool'] as const).map(dtype => ({
    name: `an input of ${dtype}`,
    build: () => {
      const input = tf.input({ shape: [3], dtype });
      return tf.model({ inputs: input, outputs: applied(dense(2), input) });
    },
    numbers: [1, 0, 1],
  })),
  {
    name: 'an embedding that masks, lstm',
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true, inputLength: 3 }),
          tf.layers.lstm({ units: 2 }),
        ],
      }),
    numbers: [4, 2, 0],
  },
];

const rebuilt = (): LayerCase[] => [
  {
    name: 'modelFromJSON',
    build: async () => {
      const model = tf.sequential({ layers: [dense(3, [4]), dense(2)] });
      return tf.models.modelFromJSON({ modelTopology: JSON.parse(model.toJSON() as string) });
    },
  },
  {
    name: 'saved and loaded',
    build: async () => {
      const model = tf.sequential({ layers: [dense(5, [4]), dense(6)] });
      let saved: tf.io.ModelArtifacts | undefined;
      const keep = tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
      });
      await model.save(keep);
      model.dispose();
      return tf.loadLayersModel(tf.io.fromMemory(saved!));
    },
  },
  {
    name: 'a model that ends at an inner layer',
    build: () => {
      const whole = tf.sequential({ layers: [dense(3, [4]), dense(2)] });
      return tf.model({ inputs: whole.inputs, outputs: whole.layers[0].output });
    },
  },
];

const random = (): LayerCase[] =>
  [
    ...(['dropout', 'alphaDropout', 'gaussianDropout', 'gaussianNoise'] as const).map(noise => ({
      name: `${noise} that is left on`,
      layer: () => new ForcedDropout(noise),
    })),
    { name: 'a layer of its own with tf.dropout', layer: () => new UnseededNoise({}) },
  ].map(({ name, layer }) => ({
    ...stacked(name, () => [dense(8, [4]), layer(), dense(2)]),
    random: true,
  }));
