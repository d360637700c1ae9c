import { decodeArray } from './array-payload';
import { asFields, asIndex, asNumbers, own } from './fields';
import { MalformedPayloadError } from './malformed-payload';

/** Far above what a view draws. */
const MOST_ROWS = 2_000_000;

/** Numbers that were rounded for the eye, each column from its own offset. @returns [rows·columns] */
export function readQuantized(value: unknown, columns: number, field: string): Float32Array {
  const fields = asFields(value, field);
  const { shape, values } = decodeArray(own(fields, 'array'), `${field}.array`);
  if (
    shape.length !== (columns === 1 ? 1 : 2) ||
    (columns > 1 && shape[1] !== columns) ||
    shape[0] > MOST_ROWS
  )
    throw new MalformedPayloadError(`${field}.array.shape`, `is [${shape.join(', ')}], not [n, ${columns}]`);
  const offset = asNumbers(own(fields, 'offset'), columns, columns, `${field}.offset`);
  for (let i = 0; i < values.length; i++) values[i] += offset[i % columns];
  return values;
}

/** n whole numbers from 0 to limit − 1. */
export function readWhole(value: unknown, count: number, limit: number, field: string): Float32Array {
  const { shape, values } = decodeArray(value, field);
  if (shape.length !== 1 || shape[0] !== count)
    throw new MalformedPayloadError(`${field}.shape`, `is [${shape.join(', ')}], not [${count}]`);
  values.forEach(v => void asIndex(v, limit, field));
  return values;
}
