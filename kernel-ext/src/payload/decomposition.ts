import { decodeArray, type DecodedArray, decodeShaped } from './arrays/array-payload';
import { MalformedPayloadError } from './errors';
import {
  asBoolean,
  asFields,
  asIndex,
  asList,
  asNumbers,
  asNumberWithin,
  asText,
  asTexts,
  own,
} from './fields';
import type { LinearizationPayload } from './linearization';
import { MOST_LAYERS, readPolicies } from './policies';
import { readResidual } from './residual';
import { checkVersion } from './version';

/** A checked and decoded `LinearizationPayload`: F(x) = W·x + b with C classes and D inputs. */
export interface Decomposition extends Omit<
  LinearizationPayload,
  'schemaVersion' | 'input' | 'rows' | 'selected' | 'layers'
> {
  /** Layers whose channels a live kernel can show; empty if the payload names none. */
  layers: string[];
  input: DecodedArray;
  /** The stored rows of W by class, D numbers each, row major in the input's shape. */
  rows: ReadonlyMap<number, DecodedArray>;
  /** The class that is shown first. */
  first: number;
}

const MOST_CLASSES = 100_000;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws {MalformedPayloadError} that names the faulty field; {UnknownVersionError}
 */
export function readDecomposition(payload: unknown): Decomposition {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const input = decodeArray(own(fields, 'input'), 'input');
  const output = asNumbers(own(fields, 'output'), 1, MOST_CLASSES, 'output');
  const classes = output.length;
  const numbers = (key: string) => asNumbers(own(fields, key), classes, classes, key);
  return {
    from: asText(own(fields, 'from'), 'from'),
    to: asText(own(fields, 'to'), 'to'),
    cut: readCut(own(fields, 'cut')),
    exact: asBoolean(own(fields, 'exact'), 'exact'),
    policies: readPolicies(own(fields, 'policies')),
    labels: asTexts(own(fields, 'labels'), classes, classes, 'labels'),
    input,
    output,
    bias: numbers('bias'),
    positive: readSums(own(fields, 'positive'), classes, [0, Infinity], 'positive'),
    negative: readSums(own(fields, 'negative'), classes, [-Infinity, 0], 'negative'),
    biasByLayer: readBiasByLayer(own(fields, 'biasByLayer'), classes),
    residual: readResidual(own(fields, 'residual')),
    first: asIndex(own(fields, 'selected'), classes, 'selected'),
    layers: asTexts(own(fields, 'layers') ?? [], 0, MOST_LAYERS, 'layers'),
    features: readFeatures(own(fields, 'features'), input.values.length),
    instance: readInstance(own(fields, 'instance')),
    rows: readRows(own(fields, 'rows'), classes, input.shape),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

function readCut(cut: unknown): Decomposition['cut'] {
  if (cut === null || cut === 'softmax' || cut === 'sigmoid') return cut;
  throw new MalformedPayloadError('cut', 'is not one of softmax, sigmoid, null');
}

function readSums(
  value: unknown,
  classes: number,
  [least, most]: readonly [number, number],
  field: string,
): number[] {
  return asList(value, classes, classes, field).map((sum, c) =>
    asNumberWithin(sum, least, most, `${field}[${c}]`),
  );
}

function readBiasByLayer(value: unknown, classes: number): Decomposition['biasByLayer'] {
  return asList(value, 0, MOST_LAYERS, 'biasByLayer').map((entry, i) => {
    const part = asFields(entry, `biasByLayer[${i}]`);
    return {
      layer: asText(own(part, 'layer'), `biasByLayer[${i}].layer`),
      bias: asNumbers(own(part, 'bias'), classes, classes, `biasByLayer[${i}].bias`),
    };
  });
}

function readFeatures(value: unknown, inputs: number): string[] | undefined {
  return value === undefined ? undefined : asTexts(value, inputs, inputs, 'features');
}

function readInstance(value: unknown): Decomposition['instance'] {
  if (value === undefined) return undefined;
  const fields = asFields(value, 'instance');
  const count = asIndex(own(fields, 'count'), 2 ** 32, 'instance.count');
  return { index: asIndex(own(fields, 'index'), count, 'instance.index'), count };
}

function readRows(value: unknown, classes: number, shape: number[]): Map<number, DecodedArray> {
  return new Map(
    asList(value, 0, classes, 'rows').map((entry, i) => {
      const row = asFields(entry, `rows[${i}]`);
      const index = asIndex(own(row, 'index'), classes, `rows[${i}].index`);
      return [index, decodeShaped(own(row, 'weights'), shape, `rows[${i}].weights`)];
    }),
  );
}
