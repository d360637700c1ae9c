import { nameList } from '../../capture/name-list';
import { classIndex, largest } from '../../display/chosen-class';
import { ManyOutputsError } from '../../display/errors';
import { featuresOf } from '../../display/feature-names';
import { explainedIn, type ShownInstance } from '../../display/handles';
import { OptionError } from '../../errors';
import { checkOption, POSITIVE, TEXT, type OptionKind } from '../../errors/check-options';
import { partOf, type Work } from '../../linear-map/work';
import type { ExplainedInstance } from '../../linearization/explained-instance';
import type { Linearization } from '../../linearization/linearization';
import { classesOf, outputLabels } from '../../linearization/output-labels';
import type { Target } from '../../linearization/target';
import type { TargetedInstance } from '../../linearization/targeted-instance';
import { sizeOf } from '../../plan/graph';
import type { LinearizedInstance } from '../../linearization/linearized-instance';
import {
  compactArray,
  encodeArray,
  type LinearizationPayload,
  listedClasses,
  MOST_LISTED,
  MOST_OUTPUTS,
  outputName,
  PageOrder,
  SCHEMA_VERSION,
  type SignalNames,
} from '../../payload';

/** Which parts of a linearization to show. */
export interface LinearizationView {
  /** The class that is shown first, by index or label. Default: the one with the largest output. */
  class?: number | string;
  /**
   * Shows one output alone: by index or label, or the sum of a class of a segmentation over a mask, `{ class: 'sky', mask }`.
   * Takes the place of `class`, and is needed where there are more than 100,000 outputs.
   */
  target?: number | string | Target;
  /** How many rows of W the notebook keeps, largest outputs first. Default: as many as fit into 96 KB of base64. */
  rows?: number | 'all';
  /** Names of the outputs, or of the classes of a segmentation. Default: those of the linearization. */
  labels?: readonly string[];
  /** The unit of the outputs, such as 'mg/dl'. */
  unit?: string;
  /** Names of the D numbers of one input. Default: those of named inputs, else their positions. */
  features?: readonly string[];
  /**
   * Names of the channels of a signal, and its steps per second, `{ channels: ['Fp1', 'Fp2'], rate: 250 }`. An input [T, C] or
   * [C, T] is shown as a signal if it has at most 32 channels, at least 16 steps, and at least four times as many steps as
   * channels; an input of one axis, if this is given.
   */
  signal?: SignalNames;
  /** Which instance of a batch. Default: 0. */
  instance?: number;
}

const ROW_BUDGET = 96 * 1024;
/** Rows of W are pulled back in stacks of at most this many bytes. */
const STACK_BYTES = 64 * 2 ** 20;

/**
 * Everything that the views show about one instance, as plain data.
 * @param handleOf gives the name under which the kernel answers for the instance
 * @param work how to watch and cancel it
 * @throws {ManyOutputsError} {OptionError} {TargetError} {ClassIndexError} {UnknownLabelError} {NameCountError} {InstanceIndexError} if the view names something that does not exist;
 *   {DisposedError} if the linearization was disposed of.
 */
export async function linearizationPayload(
  lin: Linearization,
  view: LinearizationView,
  handleOf: (shown: ShownInstance) => string,
  work: Work = {},
): Promise<LinearizationPayload> {
  const index = view.instance ?? 0;
  const whole = lin.instance(index);
  checkOption('plot', 'unit', view.unit, TEXT);
  const named = namesOf(lin, whole, view.labels);
  const target = await targetOf(whole, view, named);
  const shown = { lin, index, ...(target && { target }) };
  const instance = explainedIn(shown);
  const residual = await lin.residual(partOf(work, 0, 0.3));
  const output = await instance.output();
  const labels = target === undefined ? withName(named.labels, lin) : [target.name];
  const selected = selectedClass(view.class, output, labels);
  const order = new PageOrder(instance);
  const x = await instance.input();
  const { features } = featuresOf(lin, { ...view, instance: index }, x.length);
  const stored = storedRows(output, selected, view.rows, x.length);
  const summed = summedClasses(output, selected, stored);
  const sums = await rowSums(instance, x, summed, stored, partOf(work, 0.3, 1));
  return {
    schemaVersion: SCHEMA_VERSION,
    from: lin.from,
    to: lin.to,
    cut: lin.cut,
    exact: lin.exact,
    policies: lin.policies.map(({ layer, policy }) => ({ layer, policy })),
    labels: [...labels],
    ...(view.unit !== undefined && { unit: view.unit }),
    input: compactArray(order.toPage(x), order.shape),
    ...(order.isChannelsFirst && { channelsFirst: true }),
    ...(order.isChannelsLast && { channelsLast: true }),
    ...signalOf(view.signal, order, features),
    ...(await numbersOfClasses(instance, output, summed)),
    positive: sums.positive,
    negative: sums.negative,
    biasByLayer: sums.biasByLayer,
    residual,
    selected,
    rows: stored.map(index => ({
      index,
      weights: compactArray(order.toPage(sums.kept.get(index)!), order.shape),
    })),
    ...(features && { features: order.toPage(features) }),
    ...(lin.tokens !== null && { tokens: true as const }),
    layers: [...instance.channelLayers],
    ...(lin.batch !== null && { instance: { index, count: lin.batch } }),
    handle: handleOf(shown),
  };
}

/** A single output without a name is called 'output' or 'logit': that of a regression is no class '0'. */
const withName = (labels: readonly string[], lin: Linearization): readonly string[] =>
  labels.length === 1 && labels[0] === '0' ? [outputName(lin)] : labels;

const SIGNAL_WANTED =
  'names of the channels or a rate, { channels, rate }, for an input of one axis, or of two with at most 32 channels, at least 16 steps, and at least four times as many steps as channels';

/** What the page is told about a signal; nothing if x is none, or if its entries have names of their own. */
function signalOf(
  given: SignalNames | undefined,
  { isSignal, shape }: PageOrder,
  features: readonly string[] | undefined,
): Pick<LinearizationPayload, 'signal'> {
  if (given === undefined) return isSignal && !features ? { signal: {} } : {};
  if (typeof given !== 'object' || given === null || !(isSignal || shape.length === 1))
    throw new OptionError('plot', 'signal', given, SIGNAL_WANTED);
  const { channels, rate } = given;
  checkOption('plot', 'signal.rate', rate, POSITIVE);
  const count = isSignal ? shape[0] : 1;
  const names = channels && nameList('plot', channels, ['channels', count]);
  return { signal: { ...(names && { channels: [...names] }), ...(rate !== undefined && { rate }) } };
}

/** Names of the outputs, and of the classes of a segmentation. */
function namesOf(
  lin: Linearization,
  { outputShape, classAxis }: LinearizedInstance,
  given?: readonly string[],
) {
  if (given === undefined) return { labels: lin.labels };
  const labels = outputLabels(sizeOf(outputShape), given, 'plot', outputShape, classAxis);
  return { labels, classes: classesOf(outputShape, given, classAxis) ?? undefined };
}

const TARGET: OptionKind = {
  fits: value => ['number', 'string'].includes(typeof value) || (typeof value === 'object' && value !== null),
  wanted: 'an output by index or name, or { class, mask }',
};

/** The instance with the target that the view names. @throws ManyOutputsError if the view names none where it has to */
async function targetOf(
  instance: LinearizedInstance,
  { target, class: chosen }: LinearizationView,
  { labels, classes }: { labels: readonly string[]; classes?: readonly string[] },
): Promise<TargetedInstance | undefined> {
  checkOption('plot', 'target', target, TARGET);
  if (target === undefined) {
    if (labels.length <= MOST_OUTPUTS) return undefined;
    throw new ManyOutputsError(
      labels.length,
      MOST_OUTPUTS,
      `Choose one, such as { target: ${JSON.stringify(labels[0])} }, or a class of a segmentation, { target: { class, mask } }.`,
    );
  }
  if (chosen !== undefined)
    throw new OptionError('plot', 'class', chosen, 'either a class or a target, which is shown alone');
  const wanted = typeof target === 'string' ? classIndex(target, labels) : target;
  return instance.targeted(wanted, classes);
}

function selectedClass(
  wanted: number | string | undefined,
  output: Float32Array,
  labels: readonly string[],
): number {
  return wanted === undefined ? largest(output) : classIndex(wanted, labels);
}

/** The classes whose rows the notebook keeps: always the selected one, then by output. */
function storedRows(
  output: Float32Array,
  selected: number,
  rows: number | 'all' | undefined,
  inputSize: number,
): number[] {
  const byOutput = [...output.keys()].sort((i, j) => output[j] - output[i]);
  const order = [selected, ...byOutput.filter(c => c !== selected)];
  if (rows === 'all') return order;
  return order.slice(0, Math.max(1, rows ?? Math.floor(ROW_BUDGET / (4 * Math.ceil((4 * inputSize) / 3)))));
}

/** Up to this many classes, the rows of all of them are computed for their sums. */
const MOST_SUMMED = 32;

/** The classes whose rows are computed: all if they are few, else those that are listed first and those that are stored. */
function summedClasses(output: Float32Array, selected: number, stored: readonly number[]): number[] {
  if (output.length <= MOST_SUMMED) return [...output.keys()];
  const listed = listedClasses([...output], selected, MOST_LISTED);
  return [...new Set([...listed, ...stored])].sort((i, j) => i - j);
}

/** F(x), b and, where only some classes have sums, W·x. */
async function numbersOfClasses(
  instance: ExplainedInstance,
  output: Float32Array,
  summed: readonly number[],
): Promise<Pick<LinearizationPayload, 'output' | 'bias' | 'linear' | 'summed'>> {
  const bias = await instance.bias();
  if (summed.length === output.length) return { output: [...output], bias: [...bias] };
  const encoded = (numbers: Float32Array) => encodeArray(numbers, [numbers.length]);
  return {
    output: encoded(output),
    bias: encoded(bias),
    linear: encoded(await instance.product()),
    summed: [...summed],
  };
}

/** For some classes, the sums of the positive and of the negative entries of W_c ∘ x, in float64, b by layer, and the rows to keep. */
async function rowSums(
  instance: ExplainedInstance,
  x: Float32Array,
  classes: readonly number[],
  stored: readonly number[],
  work: Work,
) {
  const positive: number[] = [];
  const negative: number[] = [];
  const biasByLayer: LinearizationPayload['biasByLayer'] = [];
  const kept = new Map<number, Float32Array>();
  const stack = Math.max(1, Math.floor(STACK_BYTES / (4 * x.length)));
  for (let from = 0; from < classes.length; from += stack) {
    const indices = classes.slice(from, from + stack);
    const part = partOf(work, from / classes.length, (from + indices.length) / classes.length);
    const { rows, biasByLayer: parts } = await instance.rowsAndBias(indices, part);
    parts.forEach(({ layer, bias }, i) => (biasByLayer[i] ??= { layer, bias: [] }).bias.push(...bias));
    rows.forEach((row, i) => {
      const sums = signedSums(row, x);
      positive.push(sums.positive);
      negative.push(sums.negative);
      if (stored.includes(indices[i])) kept.set(indices[i], row);
    });
  }
  return { positive, negative, biasByLayer, kept };
}

function signedSums(row: Float32Array, x: Float32Array): { positive: number; negative: number } {
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < x.length; i++) {
    const contribution = row[i] * x[i];
    if (contribution > 0) positive += contribution;
    else negative += contribution;
  }
  return { positive, negative };
}
