import type { NodeProto, TensorProto } from '../../../kernel-ext/src/onnx-file/onnx_pb';
import { floats, integers, node } from '../../onnx-file/small-model';

type Attributes = Parameters<typeof node>[3];

/** One way to write an operator: a node that reads 'x' and gives 'y'. */
export interface Form {
  /** What is special about it, where an operator has several. */
  title?: string;
  /** The shape of x. Default: [2, 3, 4]. */
  x?: number[];
  /** Between which numbers x lies. Default: −1.5 and 1.5. */
  within?: readonly [number, number];
  /** Default: x, then the weights. */
  inputs?: string[];
  weights?: TensorProto[];
  attributes?: Attributes;
  /** Default: 'y' alone. */
  outputs?: string[];
  /** What is done to x first: nodes that give 'z'. */
  before?: NodeProto[];
  /** Whether the result is a gate, which is then multiplied with x so that there is a map. */
  isGate?: boolean;
  /** The first version that has the form, where the operator itself is older. */
  since?: number;
}

/** The forms of an operator in a version of the operator set. */
export type Forms = (version: number) => Form[];

/** Numbers without a pattern, between −1 and 1; the same on each machine up to rounding. */
export const weight = (name: string, shape: number[], seed = 1): TensorProto =>
  floats(
    name,
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin((i + 1) * 12.9898 * seed)),
  );

export const weightOf = (name: string, values: number[], shape = [values.length]): TensorProto =>
  floats(name, shape, values);

export const wholes = (name: string, values: number[], shape?: number[]): TensorProto =>
  integers(name, values, shape);

/** A list of whole numbers, which is an attribute before a version and an input since. */
export function moved(
  version: number,
  since: number,
  name: string,
  values: number[],
): Pick<Form, 'attributes' | 'weights'> {
  return version < since ? { attributes: { [name]: values } } : { weights: [wholes(name, values)] };
}
