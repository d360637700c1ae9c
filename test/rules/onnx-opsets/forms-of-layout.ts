import { truths } from '../../onnx-file/small-model';
import { moved, weight, weightOf, wholes, type Forms } from './form';

const scattered =
  (since: number): Forms =>
  version => {
    const form = { x: [3, 3], weights: [wholes('i', [1, 0, 2, 0, 2, 1], [2, 3]), weight('u', [2, 3])] };
    return [
      form,
      { ...form, title: 'axis 1', attributes: { axis: 1 } },
      { title: 'of updates', x: [2, 3], inputs: ['d', 'i', 'x'], weights: [weight('d', [3, 3], 5), form.weights[0]] }, // prettier-ignore
      ...(version < Math.max(18, since) ? [] : [{ title: 'max from minus infinity', x: [2, 3], inputs: ['d', 'i', 'x'], weights: [weightOf('d', Array<number>(9).fill(-Infinity), [3, 3]), form.weights[0]], attributes: { reduction: 'max' } }]), // prettier-ignore
      ...reductionsIn(version, since).flatMap(reduction => [
        { ...form, title: reduction, weights: [wholes('i', [1, 0, 2, 1, 2, 2], [2, 3]), weight('u', [2, 3])], attributes: { reduction } }, // prettier-ignore
        { title: `${reduction} of updates`, x: [2, 3], inputs: ['d', 'i', 'x'], weights: [weight('d', [3, 3], 5), wholes('i', [1, 0, 2, 1, 2, 2], [2, 3])], attributes: { reduction } }, // prettier-ignore
      ]),
    ];
  };

const reductionsIn = (version: number, since: number): string[] => [
  ...(version < since ? [] : ['add', 'mul']),
  ...(version < Math.max(18, since) ? [] : ['max', 'min']),
];

/** Operators that move or pick entries. */
export const formsOfLayout: Readonly<Record<string, Forms>> = {
  Reshape: () => [
    { weights: [wholes('shape', [4, -1])] },
    { title: 'a zero', weights: [wholes('shape', [0, 12])] },
  ],
  Flatten: version => [
    {},
    { title: 'axis 2', attributes: { axis: 2 } },
    ...(version < 11 ? [] : [{ title: 'axis −1', attributes: { axis: -1 } }]),
  ],
  Squeeze: version => [
    { x: [1, 3, 1, 4], ...moved(version, 13, 'axes', [0, 2]) },
    { title: 'all', x: [1, 3, 1, 4] },
    ...(version < 11 ? [] : [{ title: 'negative', x: [1, 3, 1, 4], ...moved(version, 13, 'axes', [-2]) }]),
  ],
  Unsqueeze: version => [
    { ...moved(version, 13, 'axes', [0, 3]) },
    ...(version < 11 ? [] : [{ title: 'negative', ...moved(version, 13, 'axes', [-1]) }]),
  ],
  Transpose: () => [{}, { title: 'perm', attributes: { perm: [1, 2, 0] } }],
  Concat: version => [
    { inputs: ['c', 'x'], weights: [weight('c', [2, 2, 4])], attributes: { axis: 1 } },
    ...(version < 11 ? [] : [{ title: 'negative', weights: [weight('c', [2, 3, 1])], attributes: { axis: -1 } }]), // prettier-ignore
  ],
  Split: version => [
    { outputs: ['a', 'y'], attributes: { axis: 2, ...(version < 18 ? {} : { num_outputs: 2 }) } },
    { title: 'uneven', ...unevenParts(version) },
    ...(version < 18 ? [] : [{ title: 'a smaller rest', outputs: ['a', 'y'], attributes: { axis: 1, num_outputs: 2 } }]), // prettier-ignore
  ],
  Expand: () => [{ x: [3, 1], weights: [wholes('shape', [2, 1, 4])] }],
  Tile: () => [{ weights: [wholes('repeats', [1, 2, 3])] }],
  Trilu: () => [{}, { title: 'lower, k', weights: [wholes('k', [-1], [])], attributes: { upper: 0 } }],
  CumSum: () => [
    { weights: [wholes('axis', [1], [])] },
    { title: 'exclusive, reverse', weights: [wholes('axis', [-1], [])], attributes: { exclusive: 1, reverse: 1 } }, // prettier-ignore
  ],
  TopK: version => {
    const k = version < 10 ? { attributes: { k: 2 } } : { weights: [wholes('k', [2])] };
    const outputs = ['y', 'i'];
    return [
      { ...k, outputs },
      ...(version < 11 ? [] : [{ title: 'smallest', ...k, outputs, attributes: { axis: 1, largest: 0 } }]),
    ];
  },
  Slice: version =>
    version < 10
      ? [
          { attributes: { starts: [1, -3], ends: [3, 9], axes: [1, 2] } },
          { title: 'without axes', attributes: { starts: [0, 1], ends: [1, 3] } },
        ]
      : [
          { weights: [wholes('starts', [1, -3]), wholes('ends', [3, 9]), wholes('axes', [1, 2])] },
          { title: 'backward', weights: [wholes('starts', [-1]), wholes('ends', [-9]), wholes('axes', [2]), wholes('steps', [-2])] }, // prettier-ignore
        ],
  Gather: version => [
    { weights: [wholes('i', [2, 0, 1, 1], [2, 2])], attributes: { axis: 1 } },
    ...(version < 11 ? [] : [{ title: 'negative', weights: [wholes('i', [-1], [])], attributes: { axis: -1 } }]), // prettier-ignore
  ],
  GatherElements: () => [{ x: [3, 3], weights: [wholes('i', [1, 2, 0, 2, 0, 0], [2, 3])] }],
  GatherND: version => [
    { weights: [wholes('i', [0, 1, 1, 0], [2, 2])] },
    ...(version < 12 ? [] : [{ title: 'batch_dims', weights: [wholes('i', [1, 2], [2, 1])], attributes: { batch_dims: 1 } }]), // prettier-ignore
  ],
  Scatter: scattered(99),
  ScatterElements: scattered(16),
  ScatterND: version => {
    const form = { x: [4, 3], weights: [wholes('i', [2, 0, 2], [3, 1]), weight('u', [3, 3])] };
    return [
      { ...form, weights: [wholes('i', [2, 0], [2, 1]), weight('u', [2, 3])] },
      ...reductionsIn(version, 16).map(reduction => ({
        ...form,
        title: reduction,
        attributes: { reduction },
      })),
    ];
  },
  Compress: () => [
    { weights: [truths('c', [true, false, true])], attributes: { axis: 1 } },
    { title: 'flat', weights: [truths('c', [false, true, true, false, true])] },
  ],
  ReverseSequence: () => [
    { weights: [wholes('lengths', [2, 1, 2])] },
    { title: 'batch first', weights: [wholes('lengths', [3, 2])], attributes: { batch_axis: 0, time_axis: 1 } }, // prettier-ignore
  ],
  CenterCropPad: () => [{ weights: [wholes('shape', [5, 2])], attributes: { axes: [1, 2] } }],
};

function unevenParts(version: number) {
  const { attributes, ...rest } = moved(version, 13, 'split', [1, 3]);
  return { ...rest, outputs: ['a', 'y'], attributes: { ...attributes, axis: 2 } };
}
