import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { PiecewiseError } from '../../../kernel-ext/src/errors';
import { loadOnnx } from '../../../kernel-ext/src/onnx-file/load-onnx';
import { onnxRules } from '../../../kernel-ext/src/rules/onnx/index';
import { faultOf } from '../../bench/onnx-suite/check-variant';
import type { Numbers, Variant } from '../../bench/onnx-suite/suite-cases';
import { graph, model, node, value } from '../../onnx-file/small-model';
import type { Form, Forms } from './form';
import { formsOfLayers } from './forms-of-layers';
import { formsOfLayout } from './forms-of-layout';
import { formsOfNumbers } from './forms-of-numbers';

/** The newest version of the operator set that the sweep reaches. */
export const NEWEST = 23;

const FORMS: Readonly<Record<string, Forms>> = { ...formsOfNumbers, ...formsOfLayers, ...formsOfLayout };

/** The step of the central difference. Entries of x are further apart, and further from 0, than two steps. */
const STEP = 2 ** -7;

/** One form of an operator in one version of the operator set. */
export interface OpsetCase {
  operator: string;
  version: number;
  form: Form;
}

/** What became of a case: null if W and b are right. */
export type Verdict = null | { refused: string } | { wrong: string };

const versionsOf = JSON.parse(
  readFileSync(path.join(__dirname, '..', '..', 'fixtures', 'onnx-versions.json'), 'utf8'),
) as Record<string, number[]>;

/** The operators that have a rule and that some version of the sweep defines. */
export const operators = (): string[] =>
  [...onnxRules.get('')!.keys()].filter(name => versionsOf[name].some(version => version <= NEWEST));

/** Each form of an operator in each version that changed its definition. @throws Error if the sweep has no form of it */
export function casesOf(operator: string): OpsetCase[] {
  const forms = FORMS[operator];
  if (forms === undefined)
    throw new Error(`the sweep has no form of ${operator}. Add one to test/rules/onnx-opsets.`);
  return versionsOf[operator]
    .filter(version => version <= NEWEST)
    .flatMap(version =>
      forms(version)
        .filter(({ since = 0 }) => version >= since)
        .map(form => ({ operator, version, form })),
    );
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Evenly spaced numbers in an order without a pattern. */
function spread(size: number, [low, high]: readonly [number, number]): Float32Array {
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => Math.sin(7.1 * a + 1) - Math.sin(7.1 * b + 1),
  );
  return Float32Array.from(order, rank => low + ((high - low) * (rank + 0.5)) / size);
}

function bytesOf({ operator, version, form }: OpsetCase): Uint8Array {
  const { x = [2, 3, 4], weights = [], attributes = {}, outputs = ['y'], before = [], isGate = false } = form;
  const inputs = form.inputs ?? ['x', ...weights.map(({ name }) => name)];
  const own = outputs.map(name => (isGate && name === 'y' ? 'gate' : name));
  const nodes = [...before, node(operator, inputs, own, attributes)];
  if (isGate) nodes.push(node('Cast', ['gate'], ['factor'], { to: 1 }), node('Mul', ['x', 'factor'], ['y']));
  return model(graph({ nodes, inputs: [value('x', x)], outputs: [value('y', null)], weights }), {}, version);
}

/** F(x), W·x + b and W·v against onnxruntime; an error without a type of its own is wrong. */
export async function verdictOf(one: OpsetCase): Promise<Verdict> {
  try {
    const wrong = await faultOf(await variantOf(one), 'y');
    return wrong === null ? null : { wrong };
  } catch (error) {
    if (error instanceof PiecewiseError) return { refused: error.message };
    return { wrong: String(error) };
  }
}

/** F and its slope along v, by onnxruntime. @throws OnnxError */
async function variantOf(one: OpsetCase): Promise<Variant> {
  const { x: shape = [2, 3, 4], within = [-1.5, 1.5] } = one.form;
  const bytes = bytesOf(one);
  const x = { shape, values: spread(sizeOf(shape), within) };
  const v = { shape, values: spread(sizeOf(shape), [-0.7, 1]).reverse() };
  const net = await loadOnnx(bytes);
  try {
    const at = async (step: number) => numbersOf(net, x, v, step);
    const [low, y, high] = [await at(-STEP), await at(0), await at(STEP)];
    const slope = high.values.map((value, i) => (value - low.values[i]) / (2 * STEP));
    return {
      ...{ moving: ['x'], model: bytes, x: { x }, at: { x }, v: { x: v } },
      expected: { y },
      slope: { y: { shape: y.shape, values: slope, precise: false } },
    };
  } finally {
    net.dispose();
  }
}

async function numbersOf(
  net: Awaited<ReturnType<typeof loadOnnx>>,
  x: Numbers,
  v: Numbers,
  step: number,
): Promise<Numbers> {
  const moved = tf.tensor(
    x.values.map((value, i) => value + step * v.values[i]),
    x.shape,
  );
  const { y } = await net.run(moved);
  const numbers = { shape: y.shape, values: await y.data<'float32'>() };
  tf.dispose([moved, y]);
  return numbers;
}
