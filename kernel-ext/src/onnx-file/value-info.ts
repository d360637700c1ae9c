import { OnnxError } from '../errors';
import { type TypeProto, TensorProto_DataType, type ValueInfoProto } from './onnx_pb';

/** An input or output of an ONNX model. */
export interface OnnxValueInfo {
  readonly name: string;
  /** 'float32', 'float64', 'float16', 'int64', 'int32', 'bool', 'string', …, or 'sequence', 'map' or 'optional'. */
  readonly type: string;
  /** The length of each axis; a free axis has its name, or '?' if it has none. */
  readonly shape: readonly (number | string)[];
}

/** The types that JavaScript calls otherwise. */
const NAMES: Partial<Record<TensorProto_DataType, string>> = {
  [TensorProto_DataType.FLOAT]: 'float32',
  [TensorProto_DataType.DOUBLE]: 'float64',
};

/** What a file states about an input or output. @throws OnnxError for an axis of length 0 */
export function valueInfoOf({ name, type }: ValueInfoProto, file: string): OnnxValueInfo {
  if (type?.value.case !== 'tensorType') return { name, type: kindOf(type), shape: [] };
  const { elemType, shape } = type.value.value;
  return {
    name,
    type: typeName(elemType),
    shape: (shape?.dim ?? []).map(({ value }) => {
      if (value.case === 'dimParam') return value.value === '' ? '?' : value.value;
      // Some exporters write -1 for an axis of any length.
      if (value.case === undefined || value.value < 0n) return '?';
      if (value.value === 0n)
        throw new OnnxError(
          file,
          `the input or output '${name}' has an axis of length 0, so it holds no numbers. Export the model with the length of that axis, or ` +
            `with a free axis`,
        );
      return Number(value.value);
    }),
  };
}

const kindOf = (type: TypeProto | undefined): string => type?.value.case?.replace('Type', '') ?? 'unknown';

export function typeName(type: number): string {
  const known = NAMES[type as TensorProto_DataType];
  return known ?? (TensorProto_DataType[type] ?? 'unknown').toLowerCase();
}

/** The number of a type in an ONNX file by its name; 0 if it has none. */
export const typeNumber = (name: string): number =>
  Object.values(TensorProto_DataType).find(
    (type): type is TensorProto_DataType => typeof type === 'number' && typeName(type) === name,
  ) ?? 0;
