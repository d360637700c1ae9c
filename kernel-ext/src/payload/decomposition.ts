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
  type Fields,
  own,
} from './fields';
import { type LinearizationPayload, MOST_OUTPUTS } from './linearization';
import { PageOrder } from './pictures/page-order';
import { MOST_LAYERS, readPolicies } from './policies';
import type { Signal } from './pictures/signal-shape';
import { readResidual } from './residual';
import { checkVersion } from './version';

/** What x and the parameters of each layer add to one class. */
export interface ClassSums {
  /** The sums of the positive and of the negative entries of W∘x. */
  positive: number;
  negative: number;
  /** Parts of b, as many as there are `biasLayers`. */
  biasByLayer: number[];
}

/** A checked and decoded `LinearizationPayload`: F(x) = W·x + b with C classes and D inputs. */
export interface Decomposition extends Omit<
  LinearizationPayload,
  | 'schemaVersion'
  | 'input'
  | 'output'
  | 'bias'
  | 'linear'
  | 'summed'
  | 'positive'
  | 'negative'
  | 'biasByLayer'
  | 'rows'
  | 'selected'
  | 'layers'
  | 'channelsFirst'
  | 'channelsLast'
  | 'signal'
  | 'tokens'
> {
  /** Layers whose channels a live kernel can show; empty if the payload names none. */
  layers: string[];
  input: DecodedArray;
  /** Whether x stands for a text: its features are the tokens in their order, and each of its numbers is 1. */
  isText: boolean;
  /** How x stands in the network, and how here. */
  order: PageOrder;
  /** x as a signal; null: x is none. */
  signal: Signal | null;
  /** F(x), b and W·x, [C] each. */
  output: number[];
  bias: number[];
  linear: number[];
  /** Layers whose parameters b comes from, in the order of the network. */
  biasLayers: string[];
  /** By class: of all classes, or of those whose rows of W were computed for the notebook. */
  sums: ReadonlyMap<number, ClassSums>;
  /** The stored rows of W by class, D numbers each, row major in the input's shape. */
  rows: ReadonlyMap<number, DecodedArray>;
  /** The class that is shown first. */
  first: number;
}

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws {MalformedPayloadError} that names the faulty field; {UnknownVersionError}
 */
export function readDecomposition(payload: unknown): Decomposition {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const input = decodeArray(own(fields, 'input'), 'input');
  const output = readNumbers(own(fields, 'output'), 1, MOST_OUTPUTS, 'output');
  const classes = output.length;
  const sums = readSums(fields, classes);
  return {
    from: asText(own(fields, 'from'), 'from'),
    to: asText(own(fields, 'to'), 'to'),
    cut: readCut(own(fields, 'cut')),
    exact: asBoolean(own(fields, 'exact'), 'exact'),
    policies: readPolicies(own(fields, 'policies')),
    labels: asTexts(own(fields, 'labels'), classes, classes, 'labels'),
    unit: own(fields, 'unit') === undefined ? undefined : asText(own(fields, 'unit'), 'unit'),
    input,
    order: readOrder(fields, input.shape),
    signal: readSignal(own(fields, 'signal'), input.shape),
    output,
    bias: readNumbers(own(fields, 'bias'), classes, classes, 'bias'),
    linear: readLinear(own(fields, 'linear'), sums.of, classes),
    biasLayers: sums.layers,
    sums: sums.of,
    residual: readResidual(own(fields, 'residual')),
    first: asIndex(own(fields, 'selected'), classes, 'selected'),
    layers: asTexts(own(fields, 'layers') ?? [], 0, MOST_LAYERS, 'layers'),
    features: readFeatures(own(fields, 'features'), input.values.length),
    isText: readTokens(own(fields, 'tokens'), own(fields, 'features'), input.shape),
    instance: readInstance(own(fields, 'instance')),
    rows: readRows(own(fields, 'rows'), classes, input.shape),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

function readCut(cut: unknown): Decomposition['cut'] {
  if (cut === null || cut === 'softmax' || cut === 'sigmoid') return cut;
  throw new MalformedPayloadError('cut', 'is not one of softmax, sigmoid, null');
}

function readOrder(fields: Fields, shape: readonly number[]): PageOrder {
  const [first, last] = [own(fields, 'channelsFirst'), own(fields, 'channelsLast')];
  const order = PageOrder.onPage(shape, first === true ? 'first' : last === true ? 'last' : undefined);
  if (first !== undefined && !order.isChannelsFirst)
    throw new MalformedPayloadError(
      'channelsFirst',
      `is not true for an image, but for [${shape.join(', ')}]`,
    );
  if (last !== undefined && !order.isChannelsLast)
    throw new MalformedPayloadError(
      'channelsLast',
      `is not true for a signal, but for [${shape.join(', ')}]`,
    );
  return order;
}

function readSignal(value: unknown, shape: readonly number[]): Signal | null {
  if (value === undefined) return null;
  if (shape.length > 2) throw new MalformedPayloadError('signal', `is given for [${shape.join(', ')}]`);
  const fields = asFields(value, 'signal');
  const [channels, rate] = [own(fields, 'channels'), own(fields, 'rate')];
  const count = shape.length === 1 ? 1 : shape[0];
  return {
    channels: count,
    steps: shape[shape.length - 1],
    names:
      channels === undefined
        ? Array.from({ length: count }, (_, c) => `channel ${c}`)
        : asTexts(channels, count, count, 'signal.channels'),
    rate: rate === undefined ? null : asNumberWithin(rate, Number.MIN_VALUE, Number.MAX_VALUE, 'signal.rate'),
  };
}

/** A list of finite numbers, or an array of one axis. */
function readNumbers(value: unknown, least: number, most: number, field: string): number[] {
  if (Array.isArray(value)) return asNumbers(value, least, most, field);
  const { shape, values } = decodeArray(value, field);
  if (shape.length === 1 && shape[0] >= least && shape[0] <= most) return [...values];
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw new MalformedPayloadError(`${field}.shape`, `is [${shape.join(', ')}], not [${wanted}]`);
}

/** Those of all classes, or of those that `summed` names. */
function readSums(fields: Fields, classes: number): { layers: string[]; of: Map<number, ClassSums> } {
  const summed = own(fields, 'summed');
  const which =
    summed === undefined
      ? [...Array(classes).keys()]
      : asList(summed, 1, classes, 'summed').map((c, i) => asIndex(c, classes, `summed[${i}]`));
  const sized = (key: string, [least, most]: readonly [number, number]) =>
    asList(own(fields, key), which.length, which.length, key).map((sum, i) =>
      asNumberWithin(sum, least, most, `${key}[${i}]`),
    );
  const positive = sized('positive', [0, Infinity]);
  const negative = sized('negative', [-Infinity, 0]);
  const parts = readBiasByLayer(own(fields, 'biasByLayer'), which.length);
  const sumsOf = (i: number): ClassSums => ({
    positive: positive[i],
    negative: negative[i],
    biasByLayer: parts.map(({ bias }) => bias[i]),
  });
  return {
    layers: parts.map(({ layer }) => layer),
    of: new Map(which.map((c, i) => [c, sumsOf(i)])),
  };
}

/** W·x of every class; where it is absent, the sums of all classes give it. */
function readLinear(value: unknown, sums: ReadonlyMap<number, ClassSums>, classes: number): number[] {
  if (value !== undefined) return readNumbers(value, classes, classes, 'linear');
  if (sums.size < classes)
    throw new MalformedPayloadError('linear', 'is missing, as are the sums of some classes');
  return Array.from({ length: classes }, (_, c) => sums.get(c)!.positive + sums.get(c)!.negative);
}

function readBiasByLayer(value: unknown, classes: number): { layer: string; bias: number[] }[] {
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

/** Whether the features are tokens of a text. */
function readTokens(tokens: unknown, features: unknown, shape: readonly number[]): boolean {
  if (tokens === undefined) return false;
  if (asBoolean(tokens, 'tokens') && features !== undefined && shape.length === 1) return true;
  throw new MalformedPayloadError(
    'tokens',
    `is not true for named numbers of one axis, but for [${shape.join(', ')}]`,
  );
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
