import * as tf from '@tensorflow/tfjs';
import { alone, applied, dataFormats, imageShape, optionsName, stacked, type LayerCase } from './layer-case';

const RECURRENT = { simpleRNN: tf.layers.simpleRNN, lstm: tf.layers.lstm, gru: tf.layers.gru };

const OPTIONS = [
  {},
  { returnSequences: true },
  { goBackwards: true },
  { unroll: true },
  { useBias: false },
  { activation: 'relu' },
  { recurrentActivation: 'sigmoid' },
  { implementation: 1 },
  { implementation: 2 },
  { resetAfter: false },
  { unitForgetBias: false },
  { dropout: 0.2, recurrentDropout: 0.3 },
  { returnState: true },
] as const;

const CONVOLUTIONAL = [
  {},
  { returnSequences: true },
  { padding: 'same' },
  { strides: 2 },
  { dilationRate: 2 },
] as const;

/** Every recurrent layer with every option, its cells, and the wrappers. */
export function recurrentCases(): LayerCase[] {
  return [...byOption(), ...cells(), ...convolutional(), ...wrapped()];
}

const byOption = (): LayerCase[] =>
  Object.entries(RECURRENT).flatMap(([name, layer]) => [
    ...OPTIONS.map(options =>
      alone(`${name}, ${optionsName(options)}`, () => layer({ units: 2, ...options }), [3, 2]),
    ),
    stacked(`${name}, stateful`, () => [layer({ units: 2, stateful: true, batchInputShape: [1, 3, 2] })]),
    stacked(`masking, ${name}`, () => [
      tf.layers.masking({ maskValue: 0, inputShape: [3, 2] }),
      layer({ units: 2 }),
    ]),
    alone(`${name} of any number of steps`, () => layer({ units: 2 }), [null, 2]),
  ]);

const cells = (): LayerCase[] => [
  alone('rnn of a cell', () => tf.layers.rnn({ cell: tf.layers.simpleRNNCell({ units: 2 }) }), [3, 2]),
  alone(
    'rnn of stacked cells',
    () => tf.layers.rnn({ cell: [tf.layers.lstmCell({ units: 2 }), tf.layers.gruCell({ units: 3 })] }),
    [3, 2],
  ),
  {
    name: 'simpleRNN with an initial state',
    build: () => {
      const input = tf.input({ shape: [3, 2] });
      const flat = applied(tf.layers.flatten(), input);
      const initialState = [applied(tf.layers.dense({ units: 2 }), flat)];
      const outputs = tf.layers.simpleRNN({ units: 2 }).apply(input, { initialState }) as tf.SymbolicTensor;
      return tf.model({ inputs: input, outputs });
    },
  },
];

const convolutional = (): LayerCase[] =>
  dataFormats.flatMap(dataFormat =>
    CONVOLUTIONAL.map(options =>
      alone(
        `convLstm2d, ${optionsName({ dataFormat, ...options })}`,
        () => tf.layers.convLstm2d({ filters: 2, kernelSize: 2, dataFormat, ...options }),
        [3, ...imageShape(dataFormat, [5, 4], 2)],
      ),
    ),
  );

const wrapped = (): LayerCase[] => [
  ...Object.entries(RECURRENT).flatMap(([name, layer]) =>
    (['concat', 'sum', 'ave', 'mul'] as const).map(mergeMode =>
      alone(
        `bidirectional ${name}, ${mergeMode}`,
        () =>
          tf.layers.bidirectional({
            layer: layer({ units: 2, returnSequences: true }) as tf.RNN,
            mergeMode,
          }),
        [3, 2],
      ),
    ),
  ),
  alone(
    'timeDistributed dense',
    () => tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2, activation: 'relu' }) }),
    [3, 4],
  ),
  ...[
    () => tf.layers.conv1d({ filters: 2, kernelSize: 2 }),
    () => tf.layers.lstm({ units: 2 }),
    () => tf.layers.flatten(),
    () => tf.layers.dropout({ rate: 0.5 }),
  ].map(layer =>
    alone(
      `timeDistributed ${layer().getClassName()}`,
      () => tf.layers.timeDistributed({ layer: layer() }),
      [3, 4, 2],
    ),
  ),
];
