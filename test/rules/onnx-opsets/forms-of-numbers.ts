import { node } from '../../onnx-file/small-model';
import { moved, weight, weightOf, wholes, type Forms } from './form';

const plain: Forms = () => [{}];
const positive: Forms = () => [{ within: [0.4, 2] }];
const inside: Forms = () => [{ within: [-0.8, 0.8] }];
const withConstant: Forms = () => [{ weights: [weight('c', [2, 3, 4])] }, { title: 'broadcast', weights: [weight('c', [3, 1])] }]; // prettier-ignore
const infinities = weightOf('c', [-Infinity, 0.2, Infinity, -0.4]);
const extremes: Forms = version => [
  ...several(version),
  ...(version < 8 ? [] : [{ title: 'infinities', weights: [infinities] }]),
];
const several: Forms = version => [
  { inputs: ['x', 'c', 'd'], weights: [weight('c', [2, 3, 4]), weight('d', [2, 3, 4], 3)] },
  ...(version < 8 ? [] : [{ title: 'broadcast', weights: [weight('c', [4])] }]),
];
const gateOfTwo: Forms = () => [{ weights: [weight('c', [2, 3, 4])], isGate: true }];
const gate: Forms = () => [{ isGate: true }];
const sign = node('Greater', ['x', 'c'], ['z']);
const signs: Forms = () => [
  { before: [sign, node('Less', ['x', 'd'], ['w'])], inputs: ['z', 'w'], weights: [weight('c', [2, 3, 4]), weight('d', [2, 3, 4], 5)], isGate: true }, // prettier-ignore
];
const isPositive: Forms = () => [{ before: [sign], inputs: ['z'], weights: [weightOf('c', [0])], isGate: true }]; // prettier-ignore

/** Before version 13 all axes from the given one on count as one. */
const byAxis: Forms = version => [
  { title: 'default axis' },
  { title: 'axis 1', attributes: { axis: 1 } },
  ...(version < 11 ? [] : [{ title: 'axis −2', attributes: { axis: -2 } }]),
];
const hardByAxis: Forms = version => byAxis(version).map(form => ({ ...form, isGate: true }));

/** Axes of a reduction are an attribute before a version and an input since. */
const reduced =
  (since: number, rest: { within?: [number, number] } = {}): Forms =>
  version => [
    { title: 'all', ...rest },
    { title: 'kept', ...rest, ...moved(version, since, 'axes', [1]) },
    { title: 'dropped', ...rest, ...droppedAxes(version, since) },
    ...(version < 11 ? [] : [{ title: 'negative', ...rest, ...moved(version, since, 'axes', [-1]) }]),
    ...(version < since ? [] : [{ title: 'none', ...rest, attributes: { noop_with_empty_axes: 1 } }]),
  ];

function droppedAxes(version: number, since: number) {
  const { attributes, weights } = moved(version, since, 'axes', [0, 2]);
  return { attributes: { ...attributes, keepdims: 0 }, ...(weights === undefined ? {} : { weights }) };
}

const extremeAt: Forms = version => [
  { title: 'default axis', isGate: true },
  { title: 'axis 2', attributes: { axis: 2 }, isGate: true },
  ...(version < 11 ? [] : [{ title: 'axis −1', attributes: { axis: -1 }, isGate: true }]),
];

/** Operators that compute with numbers, entry by entry or along axes. */
export const formsOfNumbers: Readonly<Record<string, Forms>> = {
  Add: withConstant,
  Sub: withConstant,
  Mul: withConstant,
  Div: () => [{ weights: [weightOf('c', [0.5, -2, 3, 1.25])] }, { title: 'of a constant', inputs: ['c', 'x'], within: [0.5, 2], weights: [weight('c', [3, 1])] }], // prettier-ignore
  Neg: plain,
  Sum: several,
  Mean: several,
  Max: extremes,
  Min: extremes,
  Mod: () => [{ weights: [weightOf('c', [0.7, -1.1, 0.9, 2])], attributes: { fmod: 1 } }],
  Pow: version => [
    { title: 'square', weights: [weightOf('c', [2])] },
    { title: 'root', within: [0.4, 2], weights: [weightOf('c', [0.5])] },
    { title: 'of a base', inputs: ['c', 'x'], weights: [weightOf('c', [0.5, 2, 1, 3])] },
    ...(version < 12 ? [] : [{ title: 'whole exponent', weights: [wholes('c', [3])] }]),
  ],
  Relu: plain,
  LeakyRelu: () => [{}, { title: 'alpha', attributes: { 'alpha:f': 0.3 } }],
  Abs: plain,
  ThresholdedRelu: () => [{}, { title: 'alpha', attributes: { 'alpha:f': 0.3 } }],
  HardSigmoid: () => [{}, { title: 'alpha, beta', attributes: { 'alpha:f': 0.4, 'beta:f': 0.3 } }],
  HardSwish: () => [{ within: [-4, 4] }],
  Elu: () => [{}, { title: 'alpha', attributes: { 'alpha:f': 0.7 } }],
  Selu: () => [{}, { title: 'alpha, gamma', attributes: { 'alpha:f': 0.7, 'gamma:f': 1.2 } }],
  Celu: () => [{}, { title: 'alpha', attributes: { 'alpha:f': 0.7 } }],
  Mish: plain,
  Swish: plain,
  Gelu: () => [{}, { title: 'tanh', attributes: { approximate: 'tanh' } }],
  Shrink: () => [{}, { title: 'bias', attributes: { 'lambd:f': 0.4, 'bias:f': 0.2 } }],
  Softsign: plain,
  Sigmoid: plain,
  Tanh: plain,
  Erf: plain,
  Softplus: plain,
  Exp: plain,
  Log: positive,
  Sqrt: positive,
  Reciprocal: positive,
  Sin: plain,
  Cos: plain,
  Tan: inside,
  Asin: inside,
  Acos: inside,
  Atan: plain,
  Sinh: plain,
  Cosh: plain,
  Asinh: plain,
  Acosh: () => [{ within: [1.3, 3] }],
  Atanh: inside,
  PRelu: () => [{ weights: [weight('c', [2, 3, 4])] }, { title: 'by channel', weights: [weight('c', [3, 1])] }], // prettier-ignore
  Clip: version =>
    version < 11
      ? [
          { attributes: { 'min:f': -0.55, 'max:f': 0.8 } },
          { title: 'below alone', attributes: { 'min:f': -0.55 } },
          { title: 'no bounds' },
        ]
      : [
          { weights: [weightOf('a', [-0.55], []), weightOf('b', [0.8], [])] },
          { title: 'above alone', inputs: ['x', '', 'b'], weights: [weightOf('b', [0.8], [])] },
          { title: 'no bounds' },
        ],
  Softmax: byAxis,
  LogSoftmax: byAxis,
  Hardmax: hardByAxis,
  ReduceSum: reduced(13),
  ReduceMean: reduced(18),
  ReduceMax: reduced(18),
  ReduceMin: reduced(18),
  ReduceProd: reduced(18),
  ReduceL1: reduced(18),
  ReduceL2: reduced(18),
  ReduceSumSquare: reduced(18),
  ReduceLogSum: reduced(18, { within: [0.4, 2] }),
  ReduceLogSumExp: reduced(18),
  Greater: gateOfTwo,
  GreaterOrEqual: gateOfTwo,
  Less: gateOfTwo,
  LessOrEqual: gateOfTwo,
  // Floats are compared since version 11.
  Equal: () => [
    { before: [node('Cast', ['x'], ['z'], { to: 7 })], inputs: ['z', 'c'], weights: [wholes('c', [0, 1, 0, -1])], isGate: true }, // prettier-ignore
    { title: 'of floats', since: 11, weights: [weight('c', [4])], isGate: true },
  ],
  And: signs,
  Or: signs,
  Xor: signs,
  Not: isPositive,
  Sign: gate,
  Floor: gate,
  Ceil: gate,
  Round: gate,
  IsNaN: gate,
  IsInf: gate,
  ArgMax: extremeAt,
  ArgMin: extremeAt,
  Where: () => [
    { before: [sign], inputs: ['z', 'x', 'd'], weights: [weightOf('c', [0.1]), weight('d', [3, 1])] },
  ],
  Cast: () => [
    { title: 'to whole numbers', attributes: { to: 6 }, isGate: true },
    { title: 'to truth values', attributes: { to: 9 }, isGate: true },
  ],
  CastLike: () => [{ weights: [wholes('c', [1])], isGate: true }],
  OneHot: () => [
    { before: [node('ArgMax', ['x'], ['z'], { axis: 1, keepdims: 0 })], inputs: ['z', 'depth', 'values'], weights: [wholes('depth', [3]), weightOf('values', [0.5, 2])], attributes: { axis: 1 }, isGate: true }, // prettier-ignore
  ],
};
