import type { Call, StepWriter, Value } from '../rule';
import { unitLength } from './normalization';
import { listAttr, numberAttr, textAttr, type OnnxRule } from './onnx-rule';

const domain = 'ai.onnx.ml';

/** The operators that scikit-learn's linear estimators and scalers become. */
export const estimators: OnnxRule[] = [
  { domain, kernel: 'LinearClassifier', inputs: ['X'], freeze: (call, write) => [null, linear(call, write)] },
  { domain, kernel: 'LinearRegressor', inputs: ['X'], freeze: linear },
  { domain, kernel: 'Scaler', inputs: ['X'], freeze: scaler },
  { domain, kernel: 'Normalizer', inputs: ['X'], freeze: normalizer },
  { domain, kernel: 'Imputer', inputs: ['X'], freeze: imputer },
];

/** X·Wᵀ + b, with a row of W for each class or target; what comes after it in the same node has been written out. */
function linear(call: Call, write: StepWriter): Value {
  const after = textAttr(call, 'post_transform', 'NONE');
  if (after !== 'NONE') return call.refuse(`its post_transform is ${after}`);
  const x = call.value('X');
  const rows = x.shape.length === 1 ? 1 : x.shape[0];
  const features = x.shape.at(-1)!;
  const coefficients = listAttr(call, 'coefficients') ?? [];
  const count = coefficients.length / features;
  const shape = call.outputShapes.at(-1)!;
  if (shape.at(-1) !== count)
    return call.refuse(`it has ${count} rows of coefficients for ${shape.at(-1)} outputs`);
  const matrix = new Float32Array(coefficients.length);
  coefficients.forEach((w, i) => (matrix[(i % features) * count + Math.floor(i / features)] = w));
  const product = write.contract(
    write.reshape(x, [rows, features]),
    write.constant(matrix, [features, count]),
  );
  const intercepts = listAttr(call, 'intercepts') ?? [];
  const shifted =
    intercepts.length === 0
      ? product
      : write.shift(product, write.constant(Float32Array.from(intercepts), [intercepts.length]));
  return write.reshape(shifted, shape);
}

/** (X − offset) · scale */
function scaler(call: Call, write: StepWriter): Value {
  const parameter = (name: string, by: number) => {
    const values = listAttr(call, name);
    return (
      values &&
      write.constant(
        Float32Array.from(values, value => by * value),
        [values.length],
      )
    );
  };
  const [offset, scale] = [parameter('offset', -1), parameter('scale', 1)];
  const centered = offset ? write.shift(call.value('X'), offset) : call.value('X');
  return scale ? write.scale(centered, scale) : centered;
}

function normalizer(call: Call, write: StepWriter): Value {
  const norm = textAttr(call, 'norm', 'MAX');
  if (norm === 'MAX') return call.refuse('its norm is MAX, and L1 and L2 are supported');
  const x = call.value('X');
  return unitLength(call, x, x.shape.length - 1, norm === 'L1', write);
}

/** What stands for a missing number; x has none, since NaN is refused. */
function imputer(call: Call): Value {
  const replaced = numberAttr(call, 'replaced_value_float', 0);
  if (!Number.isNaN(replaced)) return call.refuse(`it replaces ${replaced}, and only NaN is supported`);
  return call.value('X');
}
