import { MalformedPayloadError } from '../errors';
import { asFields, asList, asNumbers, own } from '../fields';
import { MOST_LAYERS } from '../policies';

/** Rows of W in the input's shape, one float32 buffer each. */
export interface RowsReply {
  indices: number[];
  shape: number[];
  /** What each layer adds to b of these outputs, one number per index; absent if nobody asked for it. */
  biasByLayer?: { layer: string; bias: number[] }[];
}

/** A row of W, D numbers, and what each layer adds to b of its output; null if that is not known. */
export interface FetchedRow {
  weights: Float32Array;
  biasByLayer: number[] | null;
}

/** @param rows one per index. @throws {MalformedPayloadError} */
export function readRows(data: unknown, rows: readonly Float32Array[], count: number): FetchedRow[] {
  if (rows.length !== count) throw new MalformedPayloadError('buffers', `are ${rows.length}, not ${count}`);
  const parts = own(asFields(data, 'reply'), 'biasByLayer');
  const bias =
    parts === undefined
      ? null
      : asList(parts, 0, MOST_LAYERS, 'biasByLayer').map((part, i) =>
          asNumbers(own(asFields(part, `biasByLayer[${i}]`), 'bias'), count, count, `biasByLayer[${i}].bias`),
        );
  return rows.map((weights, i) => ({ weights, biasByLayer: bias && bias.map(layer => layer[i]) }));
}
