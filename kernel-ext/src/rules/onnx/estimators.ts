import { times } from '../arithmetic';
import { apart } from '../comparison';
import { turned } from '../dense';
import { largest } from '../reduction';
import { positiveAxis } from '../selection';
import { matrixProduct } from '../matrix-product';
import { softmaxOf } from '../softmax';
import { isValue, type Call, type Output, type StepWriter, type Value } from '../rule';
import { bend, reciprocalOf, sigmoidOf } from '../smooth';
import { unitLength } from './normalization';
import { listAttr, numberAttr, textAttr, type OnnxRule } from './onnx-rule';

const rule = (
  kernel: string,
  freeze: (call: Call, write: StepWriter) => Output | (Output | null)[],
  inputs: readonly string[] = ['X'],
): OnnxRule => ({ kernel, domain: 'ai.onnx.ml', inputs, freeze });

/** The operators of ai.onnx.ml with which scikit-learn's estimators are exported. */
export const estimators: OnnxRule[] = [
  // The first output is the label, which is no number.
  rule('LinearClassifier', (call, write) => [null, classScores(call, write)]),
  rule('LinearRegressor', (call, write) => {
    const targets = numberAttr(call, 'targets', 1);
    return transformed(call, linear(call, targets, write), write);
  }),
  rule('Scaler', scaler),
  rule('Normalizer', normalizer),
  rule('Imputer', imputer),
  rule('ZipMap', call => call.value('X')),
  rule('Binarizer', (call, write) =>
    write.greater(call.value('X'), write.number(numberAttr(call, 'threshold', 0))),
  ),
  rule('ArrayFeatureExtractor', arrayFeatures, ['X', 'Y']),
  rule('FeatureVectorizer', featureVector, []),
  ...['TreeEnsembleClassifier', 'TreeEnsembleRegressor', 'TreeEnsemble'].map(kernel =>
    rule(kernel, call =>
      call.refuse('a tree is the same between two of its thresholds, so that W is zero and b the output'),
    ),
  ),
];

/** X·coefficientsᵀ + intercepts, [N, targets]. */
function linear(call: Call, targets: number, write: StepWriter): Value {
  const given = call.value('X');
  const x = given.shape.length === 1 ? write.reshape(given, [1, given.shape[0]]) : given;
  const features = x.shape[1];
  const coefficients = Float32Array.from(listAttr(call, 'coefficients') ?? []);
  if (coefficients.length !== targets * features)
    return call.refuse(
      `it has ${coefficients.length} coefficients for ${targets} outputs of ${features} features`,
    );
  const rows = write.constant(coefficients, [targets, features]);
  const matrix = turned(rows, true, write);
  const factor = isValue(matrix) ? matrix : write.reshapeFixed(matrix, [1, features, targets]);
  const product = matrixProduct(call, write.reshape(x, [1, ...x.shape]), factor, write);
  const intercepts = listAttr(call, 'intercepts');
  const flat = write.reshape(product, [x.shape[0], targets]);
  return intercepts === undefined
    ? flat
    : write.shift(flat, write.constant(Float32Array.from(intercepts), [targets]));
}

/** What is done to scores at the end. */
function transformed(call: Call, z: Value, write: StepWriter): Value {
  const name = textAttr(call, 'post_transform', 'NONE');
  if (name === 'NONE') return z;
  if (name === 'LOGISTIC') return bend(call, sigmoidOf, z, write);
  if (name === 'SOFTMAX') return softmaxOf(z, write);
  return call.refuse(`its post_transform ${name} has no rule`);
}

function classScores(call: Call, write: StepWriter): Value {
  const texts = call.attrs.classlabels_strings as string[] | undefined;
  const labels = texts?.length ?? listAttr(call, 'classlabels_ints')?.length ?? 0;
  const coefficients = listAttr(call, 'coefficients')!.length;
  const x = call.value('X');
  const rows = coefficients / x.shape.at(-1)!;
  if (rows !== 1 || labels !== 2) return transformed(call, linear(call, rows, write), write);
  // onnxruntime knows no softmax of a single row.
  const isLogistic = textAttr(call, 'post_transform', 'NONE') === 'LOGISTIC';
  const scores = isLogistic ? transformed(call, linear(call, 1, write), write) : linear(call, 1, write);
  // One row of coefficients stands for the second of two classes: the first one gets what is left of 1.
  const other = write.shift(write.scale(scores, write.number(-1)), write.number(1));
  return write.concat([other, scores], 1);
}

/** (x − offset)·scale, each by feature or one for all. */
function scaler(call: Call, write: StepWriter): Value {
  const numbers = (name: string) => {
    const values = Float32Array.from(listAttr(call, name) ?? []);
    return values.length === 0 ? undefined : write.constant(values, [values.length]);
  };
  const [offset, scale] = [numbers('offset'), numbers('scale')];
  const x = call.value('X');
  const moved = offset === undefined ? x : write.shift(x, write.times(offset, write.number(-1)));
  return scale === undefined ? moved : write.scale(moved, scale);
}

/** x/‖x‖ along the last axis, or x over its largest entry. */
function normalizer(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const norm = textAttr(call, 'norm', 'MAX');
  const axis = x.shape.length - 1;
  const one = [...x.shape.slice(0, -1), 1];
  if (norm !== 'MAX') return unitLength(call, x, axis, norm === 'L1', write);
  const size = largest(x, [axis], 1, write);
  // Where the largest number is 0, x stays as it is.
  const some = apart(write, size, write.number(0));
  const divisor = write.reshape(write.shift(size, write.not(some)), one);
  return times(call, x, bend(call, reciprocalOf, divisor, write), write);
}

/** Another number where x has the one that stands for a missing value; NaN is never in x. */
function imputer(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const missing = numberAttr(call, 'replaced_value_float', 0);
  if (Number.isNaN(missing)) return x;
  const values = Float32Array.from(listAttr(call, 'imputed_value_floats') ?? []);
  const isMissing = write.not(apart(write, x, write.number(missing)));
  const kept = write.scale(x, write.not(isMissing));
  return write.shift(kept, write.times(write.constant(values, [values.length]), isMissing));
}

/** Entries along the last axis. */
function arrayFeatures(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const axis = positiveAxis(-1, x);
  return write.reshape(write.take(x, call.integers('Y'), axis), call.outputShape);
}

function featureVector(call: Call, write: StepWriter): Value {
  const parts = call.inputs();
  if (!parts.every(isValue)) return call.refuse('some of its inputs do not depend on x');
  return write.concat(parts, 1);
}
