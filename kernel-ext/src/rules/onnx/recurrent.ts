import { part, range } from '../selection';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { total } from '../sum';
import { fixedProduct } from './matrix';
import { cellsOf, type Cell } from './recurrent-cells';
import { numberAttr, textAttr, type OnnxRule } from './onnx-rule';

const inputs = ['X', 'W', 'R', 'B', 'sequence_lens', 'initial_h', 'initial_c', 'P'];

/** Recurrent layers, written out step by step. Their gates are frozen by the policy of the layer. */
export const recurrent: OnnxRule[] = ['LSTM', 'GRU', 'RNN'].map(kernel => ({
  kernel,
  inputs: kernel === 'LSTM' ? inputs : inputs.slice(0, 6),
  freeze: (call, write) => new Unrolled(call, write).outputs(),
}));

type State = Value | Fixed;

/** What one direction gives: h at each step, and the states after the last one. */
interface Run {
  steps: State[];
  last: State[];
}

class Unrolled {
  private readonly time: number;
  private readonly batch: number;
  private readonly hidden: number;
  private readonly isBatchFirst: boolean;
  private readonly lengths: readonly number[] | null;
  /** [T, N, I] */
  private readonly x: Value;

  constructor(
    private readonly call: Call,
    private readonly write: StepWriter,
  ) {
    this.isBatchFirst = numberAttr(call, 'layout', 0) !== 0;
    const x = call.value('X');
    this.x = this.isBatchFirst ? write.permute(x, [1, 0, 2]) : x;
    [this.time, this.batch] = this.x.shape;
    this.hidden = call.input('R').shape[2];
    const lengths = call.has('sequence_lens') ? call.integers('sequence_lens') : null;
    this.lengths = lengths?.every(length => length === this.time) === true ? null : lengths;
  }

  /** Y [T, D, N, H], then the last states [D, N, H], in the layout of the call. */
  outputs(): Value[] {
    const { call, write, time, batch, hidden } = this;
    const direction = textAttr(call, 'direction', 'forward');
    const isReversed = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
    const cells = cellsOf(call, isReversed.length, write);
    const runs = isReversed.map((reversed, d) => this.run(cells[d], d, reversed));
    const form = (v: State, shape: number[]) => write.reshape(this.moving(v), shape);
    const y = write.concat(
      runs.map(({ steps }) =>
        write.concat(
          steps.map(h => form(h, [1, 1, batch, hidden])),
          0,
        ),
      ),
      1,
    );
    const last = range(runs[0].last.length).map(i =>
      write.concat(
        runs.map(run => form(run.last[i], [1, batch, hidden])),
        0,
      ),
    );
    if (time === 0) return call.refuse('its sequence is empty');
    const all = this.isBatchFirst
      ? [write.permute(y, [2, 0, 1, 3]), ...last.map(state => write.permute(state, [1, 0, 2]))]
      : [y, ...last];
    return all.slice(0, call.outputShapes.length);
  }

  private run(cell: Cell, d: number, isReversed: boolean): Run {
    const { write, time, batch, x } = this;
    const [rows, width] = [time * batch, cell.weights.shape[1]];
    const projected = write.contract(write.reshape(x, [rows, x.shape[2]]), cell.weights);
    const inputs = write.shift(projected, cell.bias);
    let states: State[] = cell.states.map(name => this.initial(name, d));
    const steps: State[] = Array<State>(time);
    const order = isReversed ? range(time).reverse() : range(time);
    for (const t of order) {
      const at = write.reshape(part(inputs, 0, t * batch, batch, write), [batch, width]);
      const next = cell.next(at, states, (h, r) => this.product(h, r));
      const mask = this.maskAt(t);
      states = mask === null ? next : next.map((state, i) => this.mixed(state, states[i], mask));
      steps[t] = mask === null ? next[0] : this.masked(next[0], mask);
    }
    return { steps, last: states };
  }

  /** Zeros where the call gives no initial state. */
  private initial(name: string, d: number): State {
    const { call, write, batch, hidden } = this;
    const shape = [batch, hidden];
    if (!call.has(name)) return write.constant(new Float32Array(batch * hidden), shape);
    const given = call.input(name);
    if (isValue(given)) {
      const first = this.isBatchFirst ? write.permute(given, [1, 0, 2]) : given;
      return write.reshape(part(first, 0, d, 1, write), shape);
    }
    const first = this.isBatchFirst ? write.permuteFixed(given, [1, 0, 2]) : given;
    const directions = first.shape[0];
    const chosen = write.constant(
      Float32Array.from(range(directions), i => (i === d ? 1 : 0)),
      [directions, 1, 1],
    );
    return write.sumFixed(write.times(first, chosen), [0]);
  }

  /** [N, K]·[K, M] */
  private product(h: State, matrix: Fixed): State {
    return isValue(h) ? this.write.contract(h, matrix) : fixedProduct(h, matrix, this.write);
  }

  /** 1 for sequences that are still going on at a step; null if all are. */
  private maskAt(t: number): Fixed | null {
    const { lengths, batch, write } = this;
    if (lengths === null || lengths.every(length => t < length)) return null;
    return write.constant(
      Float32Array.from(lengths, length => (t < length ? 1 : 0)),
      [batch, 1],
    );
  }

  private masked(v: State, mask: Fixed): State {
    return isValue(v) ? this.write.scale(v, mask) : this.write.times(v, mask);
  }

  private mixed(next: State, before: State, mask: Fixed): State {
    const { write, batch, hidden } = this;
    const parts = [this.masked(next, mask), this.masked(before, write.not(mask))];
    if (!parts.some(isValue)) return write.plus(parts[0], parts[1]);
    return total({ outputShape: [batch, hidden] }, parts, write);
  }

  /** A state as an activation: 0 times x, shifted, where it does not depend on x. */
  private moving(v: State): Value {
    if (isValue(v)) return v;
    const { write, x } = this;
    const none = write.scale(write.reduceSum(x, range(x.shape.length)), write.number(0));
    return write.shift(write.broadcast(none, v.shape), v);
  }
}
