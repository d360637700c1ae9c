import type { LinearizationPayload } from 'piecewise/payload';
import { decodeArray, type DecodedArray } from '../payload/array-payload';
import { asFields, asIndex, asList, asNumber, asNumbers, asText, own, type Fields } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';
import { checkVersion } from '../payload/version';

/** A checked and decoded `LinearizationPayload`: F(x) = W·x + b with C classes and D inputs. */
export interface Decomposition extends Omit<
  LinearizationPayload,
  'schemaVersion' | 'input' | 'rows' | 'selected' | 'layers'
> {
  /** Layers whose channels a live kernel can take apart; none if the payload does not say. */
  layers: string[];
  input: DecodedArray;
  /** The saved rows of W by class, D numbers each, row major in the input's shape. */
  rows: ReadonlyMap<number, DecodedArray>;
  /** The class that is shown first. */
  first: number;
}

const MOST_CLASSES = 100_000;
const MOST_LAYERS = 10_000;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws MalformedPayloadError, UnknownVersionError
 */
export function readDecomposition(payload: unknown): Decomposition {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const input = decodeArray(own(fields, 'input'), 'input');
  const output = asNumbers(own(fields, 'output'), 1, MOST_CLASSES, 'output');
  const classes = output.length;
  const perClass = (key: string) => asNumbers(own(fields, key), classes, classes, key);
  return {
    from: asText(own(fields, 'from'), 'from'),
    to: asText(own(fields, 'to'), 'to'),
    cut: readCut(own(fields, 'cut')),
    exact: readBoolean(own(fields, 'exact'), 'exact'),
    policies: readPolicies(own(fields, 'policies')),
    labels: asList(own(fields, 'labels'), classes, classes, 'labels').map((l, i) =>
      asText(l, `labels[${i}]`),
    ),
    input,
    output,
    bias: perClass('bias'),
    positive: perClass('positive'),
    negative: perClass('negative'),
    biasByLayer: readBiasByLayer(own(fields, 'biasByLayer'), classes),
    residual: readResidual(own(fields, 'residual')),
    first: asIndex(own(fields, 'selected'), classes, 'selected'),
    layers: readLayers(own(fields, 'layers')),
    features: readFeatures(own(fields, 'features'), input.values.length),
    instance: readInstance(own(fields, 'instance')),
    rows: readRows(own(fields, 'rows'), classes, input.shape),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

function readCut(cut: unknown): Decomposition['cut'] {
  if (cut === null || cut === 'softmax' || cut === 'sigmoid') return cut;
  throw new MalformedPayloadError('cut', 'is none of softmax, sigmoid, null');
}

export function readBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedPayloadError(field, 'is neither true nor false');
  return value;
}

export function readPolicies(value: unknown): Decomposition['policies'] {
  return asList(value, 0, MOST_LAYERS, 'policies').map((entry, i) => {
    const use = asFields(entry, `policies[${i}]`);
    const policy = own(use, 'policy');
    if (policy !== 'tangent' && policy !== 'gate') {
      throw new MalformedPayloadError(`policies[${i}].policy`, 'is none of tangent, gate');
    }
    return { layer: asText(own(use, 'layer'), `policies[${i}].layer`), policy };
  });
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

export function readResidual(value: unknown): Decomposition['residual'] {
  const fields = asFields(value, 'residual');
  const read = (key: string) => Math.abs(asNumber(own(fields, key), `residual.${key}`));
  return { absolute: read('absolute'), relative: read('relative'), ulps: read('ulps') };
}

function readLayers(value: unknown): string[] {
  if (value === undefined) return [];
  return asList(value, 0, MOST_LAYERS, 'layers').map((name, i) => asText(name, `layers[${i}]`));
}

function readFeatures(value: unknown, inputs: number): string[] | undefined {
  if (value === undefined) return undefined;
  return asList(value, inputs, inputs, 'features').map((name, i) => asText(name, `features[${i}]`));
}

function readInstance(value: unknown): Decomposition['instance'] {
  if (value === undefined) return undefined;
  const fields = asFields(value, 'instance');
  const count = asIndex(own(fields, 'count'), 2 ** 32, 'instance.count');
  return { index: asIndex(own(fields, 'index'), count, 'instance.index'), count };
}

function readRows(value: unknown, classes: number, shape: number[]): Map<number, DecodedArray> {
  const rows = new Map<number, DecodedArray>();
  asList(value, 0, classes, 'rows').forEach((entry, i) => {
    const row: Fields = asFields(entry, `rows[${i}]`);
    const index = asIndex(own(row, 'index'), classes, `rows[${i}].index`);
    const weights = decodeArray(own(row, 'weights'), `rows[${i}].weights`);
    if (weights.shape.join() !== shape.join()) {
      throw new MalformedPayloadError(
        `rows[${i}].weights.shape`,
        `is [${weights.shape}], not the input's [${shape}]`,
      );
    }
    rows.set(index, weights);
  });
  return rows;
}
