import { positiveAxis, range } from '../selection';
import type { Call, Rule, Value } from '../rule';

export { sizeOf } from '../../payload/arrays/size-of';

/** How one ONNX operator is frozen. Its inputs have the names of the specification; a variadic operator reads `call.inputs()`. */
export interface OnnxRule extends Rule {
  /** Default: ONNX's own operators. */
  domain?: 'ai.onnx.ml';
  inputs: readonly string[];
}

/** The version of the operator set that the model was written for. */
export const versionOf = (call: Call): number => call.opset!.version;

/** An attribute that is a number. */
export const numberAttr = (call: Call, name: string, fallback: number): number =>
  (call.attrs[name] as number | undefined) ?? fallback;

export const textAttr = (call: Call, name: string, fallback: string): string =>
  (call.attrs[name] as string | undefined) ?? fallback;

/** An attribute that is a list of numbers. */
export const listAttr = (call: Call, name: string): number[] | undefined => {
  const list = call.attrs[name] as ArrayLike<number> | undefined;
  return list === undefined ? undefined : Array.from(list);
};

/** Whole numbers that older operator sets have as an attribute and newer ones as an input; undefined where both are absent. */
export function wholeNumbers(call: Call, name: string): number[] | undefined {
  return listAttr(call, name) ?? (call.has(name) ? call.integers(name) : undefined);
}

/** The axes that a call names, each once, in ascending order. */
export function axesOf(call: Call, { shape }: Pick<Value, 'shape'>): number[] | undefined {
  const axes = wholeNumbers(call, 'axes');
  return axes && [...new Set(axes.map(axis => positiveAxis(axis, { shape })))].sort((a, b) => a - b);
}

export const axisOf = (call: Call, x: Pick<Value, 'shape'>, fallback: number): number =>
  positiveAxis(numberAttr(call, 'axis', fallback), x);

/** The axes from one on. */
export const from = (axis: number, { shape }: Pick<Value, 'shape'>): number[] =>
  range(shape.length).slice(axis);
