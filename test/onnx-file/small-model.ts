import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  GraphProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  type ModelProto,
  NodeProtoSchema,
  type NodeProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type TensorProto,
  ValueInfoProtoSchema,
} from '../../kernel-ext/src/onnx-file/onnx_pb';

export { DataType };

type Attribute = number | number[] | string | GraphProto | TensorProto;

/** A node; the names of attributes that are floats end in ':f', such as 'alpha:f'. */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, Attribute | undefined>> = {},
  rest: { name?: string; domain?: string; metadata?: Record<string, string> } = {},
): NodeProto {
  const { name = '', domain = '', metadata = {} } = rest;
  return create(NodeProtoSchema, {
    opType,
    input,
    output,
    name,
    domain,
    attribute: Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [attribute(key, value)],
    ),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
}

function attribute(key: string, value: Attribute) {
  const name = key.replace(/:f$/, '');
  const of = (fields: object) => create(AttributeProtoSchema, { name, ...fields });
  if (typeof value === 'string') return of({ type: Type.STRING, s: Buffer.from(value) });
  if (typeof value === 'number')
    return key.endsWith(':f') ? of({ type: Type.FLOAT, f: value }) : of({ type: Type.INT, i: BigInt(value) });
  if (Array.isArray(value))
    return key.endsWith(':f')
      ? of({ type: Type.FLOATS, floats: value })
      : of({ type: Type.INTS, ints: value.map(BigInt) });
  return value.$typeName === 'onnx.GraphProto'
    ? of({ type: Type.GRAPH, g: value })
    : of({ type: Type.TENSOR, t: value });
}

/** A weight of float32. */
export function floats(name: string, shape: number[], values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: DataType.FLOAT, rawData });
}

/** A weight of int64. */
export function integers(
  name: string,
  values: readonly (number | bigint)[],
  shape = [values.length],
): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: DataType.INT64, rawData });
}

/** A weight of truth values. */
export function truths(name: string, values: readonly boolean[], shape = [values.length]): TensorProto {
  const rawData = Uint8Array.from(values, Number);
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: DataType.BOOL, rawData });
}

/** An input or output; a text is the name of a free axis, and null stands for a shape that the file does not tell. */
export function value(name: string, shape: (number | string)[] | null, elemType: number = DataType.FLOAT) {
  const dim = shape?.map(length => ({
    value:
      typeof length === 'number'
        ? ({ case: 'dimValue', value: BigInt(length) } as const)
        : ({ case: 'dimParam', value: length } as const),
  }));
  const tensor = dim === undefined ? { elemType } : { elemType, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensor } } });
}

export function graph(fields: {
  nodes: NodeProto[];
  inputs?: ReturnType<typeof value>[];
  outputs: ReturnType<typeof value>[];
  weights?: TensorProto[];
}): GraphProto {
  const { nodes, inputs = [], outputs, weights = [] } = fields;
  const made = create(GraphProtoSchema, { name: 'graph' });
  return Object.assign(made, { node: nodes, input: inputs, output: outputs, initializer: weights });
}

/** A model as the bytes of an ONNX file. */
export function model(of: GraphProto, changes: Partial<ModelProto> = {}, opset = 17): Uint8Array {
  const made = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      { domain: 'ai.onnx.ml', version: 3n },
    ],
  });
  return toBinary(ModelProtoSchema, Object.assign(made, { graph: of }, changes));
}
