import { moved, weight, weightOf, wholes, type Form, type Forms } from './form';

const IMAGE = [1, 2, 6, 5];
const plain: Forms = () => [{}];
const image: Forms = () => [{ x: IMAGE }];

const parameters = (shape: number[]) => [weight('gamma', shape), weight('beta', shape, 3)];
const statistics = (shape: number[]) => [
  weight('mean', shape, 5),
  weightOf(
    'variance',
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 0.5 + (i % 3) / 4),
    shape,
  ),
];

const windows: Form[] = [
  { x: IMAGE, attributes: { kernel_shape: [2, 3] } },
  { title: 'pads and strides', x: IMAGE, attributes: { kernel_shape: [3, 3], strides: [2, 1], pads: [1, 0, 1, 2] } }, // prettier-ignore
  { title: 'SAME_UPPER', x: IMAGE, attributes: { kernel_shape: [3, 2], strides: [2, 2], auto_pad: 'SAME_UPPER' } }, // prettier-ignore
  { title: 'SAME_LOWER', x: IMAGE, attributes: { kernel_shape: [3, 2], strides: [2, 2], auto_pad: 'SAME_LOWER' } }, // prettier-ignore
];
const ceiling = { x: IMAGE, attributes: { kernel_shape: [3, 2], strides: [2, 2], pads: [0, 1, 1, 0], ceil_mode: 1 } }; // prettier-ignore
const dilated = { x: IMAGE, attributes: { kernel_shape: [2, 2], dilations: [3, 2] } };

const convolutions: Form[] = [
  { x: IMAGE, weights: [weight('w', [3, 2, 3, 2]), weight('b', [3], 3)] },
  { title: 'pads, strides, dilations', x: IMAGE, weights: [weight('w', [3, 2, 2, 2])], attributes: { pads: [1, 0, 2, 1], strides: [2, 1], dilations: [2, 3] } }, // prettier-ignore
  { title: 'SAME_UPPER', x: IMAGE, weights: [weight('w', [3, 2, 3, 2])], attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] } }, // prettier-ignore
  { title: 'SAME_LOWER, groups', x: IMAGE, weights: [weight('w', [4, 1, 2, 2])], attributes: { auto_pad: 'SAME_LOWER', group: 2 } }, // prettier-ignore
];

const enlargements: Form[] = [
  { x: IMAGE, weights: [weight('w', [2, 3, 3, 2]), weight('b', [3], 3)], attributes: { strides: [2, 3] } },
  { title: 'pads and output_padding', x: IMAGE, weights: [weight('w', [2, 1, 3, 3])], attributes: { group: 2, strides: [2, 2], pads: [1, 0, 1, 2], output_padding: [1, 0] } }, // prettier-ignore
  { title: 'SAME_UPPER', x: IMAGE, weights: [weight('w', [2, 3, 3, 3])], attributes: { strides: [2, 2], auto_pad: 'SAME_UPPER' } }, // prettier-ignore
  { title: 'SAME_LOWER', x: IMAGE, weights: [weight('w', [2, 3, 3, 3])], attributes: { strides: [2, 2], auto_pad: 'SAME_LOWER' } }, // prettier-ignore
  { title: 'output_shape', x: IMAGE, weights: [weight('w', [2, 3, 3, 3])], attributes: { strides: [2, 2], output_shape: [12, 10] } }, // prettier-ignore
];

/** A recurrent layer with inputs of 3 and states of 2 numbers. */
const recurrent =
  (gates: number): Forms =>
  version => {
    const of = (directions: number) => [
      weight('w', [directions, 2 * gates, 3]),
      weight('r', [directions, 2 * gates, 2], 3),
      weight('b', [directions, 4 * gates], 5),
    ];
    return [
      { x: [3, 2, 3], weights: of(1), attributes: { hidden_size: 2 } },
      { title: 'both directions', x: [3, 2, 3], weights: of(2), attributes: { hidden_size: 2, direction: 'bidirectional' } }, // prettier-ignore
      ...(version < 14 ? [] : [{ title: 'layout 1', x: [2, 3, 3], weights: of(1), attributes: { hidden_size: 2, layout: 1 } }]), // prettier-ignore
    ];
  };

/** Operators with weights or windows. */
export const formsOfLayers: Readonly<Record<string, Forms>> = {
  Conv: () => convolutions,
  ConvTranspose: () => enlargements,
  MatMul: () => [
    { weights: [weight('c', [2, 4, 5])] },
    { title: 'a vector', weights: [weight('c', [4])] },
    { title: 'from the left', inputs: ['c', 'x'], weights: [weight('c', [5, 3])] },
  ],
  Gemm: version => [
    { x: [3, 4], weights: [weight('w', [5, 4]), weight('b', [5], 3)], attributes: { transB: 1, 'alpha:f': 0.5, 'beta:f': 2 } }, // prettier-ignore
    { title: 'transA', x: [4, 3], weights: [weight('w', [4, 5]), weight('b', [3, 1], 3)], attributes: { transA: 1 } }, // prettier-ignore
    ...(version < 11 ? [] : [{ title: 'without C', x: [3, 4], weights: [weight('w', [4, 5])] }]),
  ],
  Einsum: () => [{ weights: [weight('c', [4, 5])], attributes: { equation: 'bij,jk->bki' } }],
  BatchNormalization: version => [
    { weights: [...parameters([3]), ...statistics([3])] },
    { title: 'rank 2', x: [2, 3], weights: [...parameters([3]), ...statistics([3])], attributes: { 'epsilon:f': 0.01 } }, // prettier-ignore
    ...(version < 9 ? [{ title: 'spatial 0', weights: [...parameters([3, 4]), ...statistics([3, 4])], attributes: { spatial: 0 } }] : []), // prettier-ignore
  ],
  LayerNormalization: () => [
    { weights: parameters([4]) },
    { title: 'axis 1', weights: parameters([3, 4]), attributes: { axis: 1, 'epsilon:f': 0.01 } },
  ],
  RMSNormalization: () => [{ weights: [weight('gamma', [4])] }],
  InstanceNormalization: () => [{ weights: parameters([3]) }],
  GroupNormalization: version => [
    { x: [1, 4, 3, 2], weights: parameters([version < 21 ? 2 : 4]), attributes: { num_groups: 2 } },
  ],
  MeanVarianceNormalization: () => [{ x: IMAGE }, { title: 'axes', attributes: { axes: [0, 2] } }],
  LpNormalization: () => [{}, { title: 'first norm', attributes: { p: 1, axis: 1 } }],
  LRN: () => [{ x: [1, 5, 3, 2], attributes: { size: 3, 'alpha:f': 0.3, 'beta:f': 0.6, 'bias:f': 1.5 } }],
  MaxPool: version => [
    ...windows,
    ...(version < 8 ? [] : [{ title: 'with positions', x: IMAGE, attributes: { kernel_shape: [2, 2], storage_order: 1 }, outputs: ['y', 'i'] }]), // prettier-ignore
    ...(version < 10
      ? []
      : [
          { title: 'ceiling', ...ceiling },
          { title: 'dilations', ...dilated },
        ]),
  ],
  AveragePool: version => {
    const all = version < 10 ? windows : [...windows, { title: 'ceiling', ...ceiling }];
    const counted = all.map(({ title = 'plain', attributes, ...rest }) => ({
      ...rest,
      title: `${title}, padding counts`,
      attributes: { ...attributes, count_include_pad: 1 },
    }));
    return [...all, ...counted, ...(version < 19 ? [] : [{ title: 'dilations', ...dilated }])];
  },
  LpPool: version => [
    ...windows.map(form => ({ ...form, within: [0.2, 1.7] as const })),
    { title: 'first norm', x: IMAGE, attributes: { kernel_shape: [2, 2], p: 1 } },
    ...(version < 18
      ? []
      : [
          { title: 'ceiling', ...ceiling },
          { title: 'dilations', ...dilated },
        ]),
  ],
  GlobalMaxPool: image,
  GlobalAveragePool: image,
  GlobalLpPool: () => [{ x: IMAGE }, { title: 'third norm', x: IMAGE, attributes: { p: 3 } }],
  Dropout: version => [
    version < 12 ? { attributes: { 'ratio:f': 0.4 } } : { weights: [weightOf('ratio', [0.4], [])] },
    { title: 'with its mask', outputs: ['y', 'mask'] },
  ],
  LSTM: recurrent(4),
  GRU: recurrent(3),
  RNN: recurrent(1),
  Identity: plain,
  Resize: version =>
    ['nearest', 'linear', ...(version < 11 ? [] : ['cubic'])].flatMap(mode => resized(version, mode)),
  Upsample: version =>
    ['nearest', 'linear'].map((mode): Form =>
      version < 9
        ? { title: mode, x: IMAGE, attributes: { mode, 'scales:f': [1, 1, 2, 1.5] } }
        : { title: mode, x: IMAGE, weights: [weightOf('scales', [1, 1, 2, 1.5])], attributes: { mode } },
    ),
  DepthToSpace: version => [
    { x: [1, 8, 2, 3], attributes: { blocksize: 2 } },
    ...(version < 11 ? [] : [{ title: 'by column', x: [1, 8, 2, 3], attributes: { blocksize: 2, mode: 'CRD' } }]), // prettier-ignore
  ],
  SpaceToDepth: () => [{ x: [1, 2, 4, 6], attributes: { blocksize: 2 } }],
  Pad: version => [
    ...['constant', 'edge', 'reflect'].map(mode => ({ title: mode, ...padded(version, mode) })),
    { title: 'with a number', ...paddedWith(version, 0.7) },
    { title: 'with minus infinity', ...paddedWith(version, -Infinity) },
    ...(version < 19 ? [] : [{ title: 'wrap', ...padded(version, 'wrap') }]),
  ],
};

function padded(version: number, mode: string): Form {
  const { attributes, ...rest } = moved(version, 11, 'pads', [0, 1, 2, 0, 1, 1]);
  return { ...rest, attributes: { ...attributes, mode } };
}

function paddedWith(version: number, number: number): Form {
  if (version < 11) return { attributes: { pads: [0, 1, 2, 0, 0, -1], 'value:f': number } };
  return { weights: [wholes('pads', [0, 1, 2, 0, 0, -1]), weightOf('value', [number], [])] };
}

function resized(version: number, mode: string): Form[] {
  const of = (title: string, scales: number[], more = {}): Form => ({
    ...{ title: `${mode}, ${title}`, x: IMAGE, attributes: { mode, ...more } },
    ...(version < 11 ? {} : { inputs: ['x', 'roi', 'scales'] }),
    weights: [...(version < 11 ? [] : [weightOf('roi', [])]), weightOf('scales', scales)],
  });
  const both = [of('larger', [1, 1, 1.5, 2]), of('smaller', [1, 1, 0.7, 0.6])];
  if (version < 11) return both;
  const bySize: Form = {
    ...{ title: `${mode}, to sizes`, x: IMAGE, attributes: { mode } },
    inputs: ['x', 'roi', 'scales', 'sizes'],
    weights: [weightOf('roi', []), weightOf('scales', []), wholes('sizes', [1, 2, 4, 3])],
  };
  const modes = ['asymmetric', 'align_corners', 'pytorch_half_pixel'].map(coordinates =>
    of(coordinates, [1, 1, 2, 0.6], { coordinate_transformation_mode: coordinates }),
  );
  return [...both, bySize, ...modes];
}
