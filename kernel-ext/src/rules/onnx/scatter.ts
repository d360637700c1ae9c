import { times } from '../arithmetic';
import { finiteConstant } from '../finite-constant';
import { joined } from '../join';
import { range } from '../selection';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { total } from '../sum';
import { furtherOf } from './elementwise';
import { axisOf, sizeOf, textAttr, type OnnxRule } from './onnx-rule';
import { flatAlong, flatSlices } from './selection';

const inputs = ['data', 'indices', 'updates'];

/** Operators that put updates at constant positions of the data, in place of what is there or together with it. */
export const scatter: OnnxRule[] = [
  { kernel: 'Scatter', inputs, freeze: scatterElements },
  { kernel: 'ScatterElements', inputs, freeze: scatterElements },
  { kernel: 'ScatterND', inputs, freeze: scatterNd },
];

function scatterElements(call: Call, write: StepWriter): Value {
  const { shape } = call.input('data');
  const own = call.input('indices').shape;
  return scattered(call, flatAlong(call.integers('indices'), own, shape, axisOf(call, { shape }, 0)), write);
}

function scatterNd(call: Call, write: StepWriter): Value {
  const { begins, size } = flatSlices(call, call.input('data').shape, 0);
  return scattered(
    call,
    begins.flatMap(begin => range(size).map(i => begin + i)),
    write,
  );
}

/** @param positions the flat index in the data of each update */
function scattered(call: Call, positions: readonly number[], write: StepWriter): Value {
  const size = sizeOf(call.outputShape);
  const flat = (v: Value | Fixed) => {
    const shape = [sizeOf(v.shape)];
    return isValue(v) ? write.reshape(v, shape) : write.reshapeFixed(v, shape);
  };
  const [data, updates] = ['data', 'updates'].map(name => flat(finiteConstant(call, name, write)));
  const reduction = textAttr(call, 'reduction', 'none');
  if (reduction === 'none') {
    const last = range(size).fill(-1);
    positions.forEach((position, i) => (last[position] = i));
    return write.reshape(taken(data, updates, last, write), call.outputShape);
  }
  const combine = reductions[reduction] ?? call.refuse(`its reduction ${reduction} has no rule`);
  const result = roundsOf(positions, size).reduce(
    (before, round) => combine({ call, before, updates, round }, write),
    data,
  );
  return isValue(result)
    ? write.reshape(result, call.outputShape)
    : call.refuse('neither its data nor its updates move with x');
}

/** The updates that come to each position, in rounds of at most one for each; −1 where there is none. */
function roundsOf(positions: readonly number[], size: number): number[][] {
  const rounds: number[][] = [];
  const seen = new Map<number, number>();
  positions.forEach((position, i) => {
    const at = seen.get(position) ?? 0;
    seen.set(position, at + 1);
    (rounds[at] ??= range(size).fill(-1))[position] = i;
  });
  return rounds;
}

/** The update of a round at each position; where there is none, the number that is there. */
function taken(
  before: Value | Fixed,
  updates: Value | Fixed,
  round: readonly number[],
  write: StepWriter,
): Value {
  const size = round.length;
  const both = joined({ outputShape: [size + updates.shape[0]] }, [before, updates], 0, write);
  return write.take(
    both,
    round.map((update, i) => (update < 0 ? i : size + update)),
    0,
  );
}

interface Round {
  call: Call;
  before: Value | Fixed;
  updates: Value | Fixed;
  /** The update at each position, −1 where there is none. */
  round: readonly number[];
}

type Combine = (round: Round, write: StepWriter) => Value | Fixed;

const targetOf = ({ call, round }: Round) => ({ policy: call.policy, outputShape: [round.length] });

const further =
  (sign: 1 | -1): Combine =>
  (one, write) =>
    furtherOf(targetOf(one), one.before, taken(one.before, one.updates, one.round, write), sign, write);

const reductions: Readonly<Record<string, Combine>> = {
  add: (one, write) => total(targetOf(one), [one.before, masked(one, write)], write),
  mul: (one, write) => times(targetOf(one), one.before, factorOf(one, write), write),
  max: further(1),
  min: further(-1),
};

/** The update at each position, 0 where there is none. */
const masked = ({ before, updates, round }: Round, write: StepWriter): Value =>
  write.scale(taken(before, updates, round, write), maskOf(round, write));

/** The update at each position, 1 where there is none; constants stay constants, so that the product is exact. */
function factorOf(one: Round, write: StepWriter): Value | Fixed {
  const { call, updates, round } = one;
  if (isValue(updates)) return write.shift(masked(one, write), write.not(maskOf(round, write)));
  if (!call.isConstant('updates')) return call.refuse('it multiplies by updates that are gates');
  const numbers = call.numbers('updates');
  return write.constant(
    Float32Array.from(round, update => (update < 0 ? 1 : numbers[update])),
    [round.length],
  );
}

/** 1 where a round has an update. */
const maskOf = (round: readonly number[], write: StepWriter): Fixed =>
  write.constant(
    Float32Array.from(round, update => (update < 0 ? 0 : 1)),
    [round.length],
  );
