import type { Chart, LineMark, Panel } from './chart';
import { shortNumber } from './short-number';
import type { ChartView } from './chart-view';
import { seriesColor } from './groups';
import { isList } from './table';

/** What a training reported: for each loss and metric, one number per epoch. */
export interface History {
  epochs: readonly number[];
  metrics: ReadonlyMap<string, readonly number[]>;
}

const LOWER = /loss|error|mse|mae|perplexity|divergence/i;
const HIGHER = /acc|auc|precision|recall|f1|score|trustworthiness|continuity/i;
const LONG_NAMES: Readonly<Record<string, string>> = { acc: 'accuracy', mse: 'mean squared error' };
const VALIDATION = /^val_/;

/**
 * Reads what `model.fit` returns, its `history` alone, records with `epoch` and `loss`, or the `training` of an embedding.
 * @returns null for anything else
 */
export function readHistory(thing: unknown): History | null {
  if (Array.isArray(thing)) return fromRecords(thing);
  const { epoch, history, settings } = Object(thing) as {
    epoch?: unknown;
    history?: unknown;
    settings?: unknown;
  };
  if (settings !== undefined && Array.isArray(history)) return fromRecords(history);
  // TensorFlow.js counts epochs from 0 but prints them from 1.
  if (Array.isArray(epoch) && epoch.every(isNumber) && typeof history === 'object')
    return fromMetrics(
      history,
      epoch.map(i => i + 1),
    );
  return fromMetrics(thing);
}

/** One panel per loss and metric, with the curves of the training and of the validation data. */
export function historyChart({ epochs, metrics }: History, view: ChartView = {}): Chart {
  const names = [...new Set([...metrics.keys()].map(name => name.replace(VALIDATION, '')))];
  const panels = names.map((name): Panel => {
    const marks = [
      curve('training', 0, epochs, metrics.get(name)),
      curve('validation', 1, epochs, metrics.get(`val_${name}`)),
    ];
    return {
      title: titled(name),
      x: { label: view.xLabel ?? 'epoch', isWhole: true, log: view.log?.includes('x') },
      y: { label: view.yLabel ?? longName(name), log: view.log?.includes('y') },
      marks: marks.flat(),
    };
  });
  return { title: view.title ?? 'Training', caption: view.caption ?? captionOf(epochs, metrics), panels };
}

function fromMetrics(thing: unknown, epochs?: readonly number[]): History | null {
  const entries = Object.entries(Object(thing) as object) as [string, unknown][];
  if (!entries.some(([name]) => name === 'loss')) return null;
  const lists = entries.map(([name, values]) => [name, numbersOf(values)] as const);
  const length = lists[0][1]?.length;
  if (!length || lists.some(([, values]) => values?.length !== length)) return null;
  const metrics = new Map(lists as [string, number[]][]);
  metrics.delete('epoch');
  return { epochs: epochs ?? metrics.get('epoch') ?? Array.from({ length }, (_, i) => i + 1), metrics };
}

function fromRecords(records: readonly unknown[]): History | null {
  const fields = records.map(record => Object(record) as Record<string, unknown>);
  if (fields.length === 0 || !fields.every(({ epoch, loss }) => isNumber(epoch) && isNumber(loss)))
    return null;
  const names = Object.keys(fields[0]).filter(
    name => name !== 'epoch' && fields.every(record => isNumber(record[name])),
  );
  return {
    epochs: fields.map(({ epoch }) => epoch as number),
    metrics: new Map(names.map(name => [name, fields.map(record => record[name] as number)])),
  };
}

/** Numbers, or the scalar tensors that TensorFlow.js may return instead; null for anything else. */
function numbersOf(values: unknown): number[] | null {
  if (typeof values !== 'object' || values === null || !isList(values)) return null;
  const numbers = Array.from(values, value => (isScalar(value) ? value.dataSync()[0] : value));
  return numbers.every(isNumber) ? numbers : null;
}

function curve(name: string, i: number, x: readonly number[], y?: readonly number[]): LineMark[] {
  return y ? [{ type: 'line', name, color: seriesColor(i), isDashed: i > 0, x, y }] : [];
}

function titled(name: string): string {
  if (LOWER.test(name)) return `${longName(name)} (lower is better ↓)`;
  return HIGHER.test(name) ? `${longName(name)} (higher is better ↑)` : longName(name);
}

/** The number of epochs, the epoch of the lowest loss, and all validation metrics at that epoch. */
function captionOf(epochs: readonly number[], metrics: History['metrics']): string {
  const judge = metrics.get('val_loss') ?? metrics.get('loss')!;
  const best = judge.reduce((lowest, value, i) => (value < judge[lowest] ? i : lowest), 0);
  const reported = [...metrics].filter(([name]) => !metrics.has(`val_${name}`));
  const numbers = reported.map(([name, values]) => `${spoken(name)} ${shortNumber(values[best])}`);
  const count = epochs.length === 1 ? '1 epoch' : `${epochs.length} epochs`;
  return `${count}; lowest ${metrics.has('val_loss') ? 'validation loss' : 'loss'} at epoch ${epochs[best]}: ${numbers.join(', ')}`;
}

const spoken = (name: string): string =>
  VALIDATION.test(name) ? `validation ${longName(name.replace(VALIDATION, ''))}` : longName(name);

const longName = (name: string): string => LONG_NAMES[name] ?? name;

const isNumber = (value: unknown): value is number => typeof value === 'number';

function isScalar(value: unknown): value is { dataSync(): ArrayLike<number> } {
  return typeof (Object(value) as { dataSync?: unknown }).dataSync === 'function';
}
