import { clip, leak, rectify } from '../activations';
import { times } from '../arithmetic';
import { part, range } from '../selection';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { bend, exponentialUnit, sigmoidOf, softplusOf, tanhOf } from '../smooth';
import { difference, total } from '../sum';
import { softsignOf } from './activations';
import { listAttr, numberAttr } from './onnx-rule';

type State = Value | Fixed;
type Product = (h: State, matrix: Fixed) => State;

/** One step of a recurrent layer in one direction. */
export interface Cell {
  /** [I, G·H]: what the inputs are multiplied with for all G gates at once. */
  weights: Fixed;
  /** [G·H] */
  bias: Fixed;
  /** The names of the inputs that hold the initial states, h first. */
  states: readonly string[];
  /**
   * @param at [N, G·H], the inputs after their weights and the bias
   * @param states [N, H] each
   */
  next(at: Value, states: readonly State[], product: Product): State[];
}

/** The cells of each direction. */
export function cellsOf(call: Call, directions: number, write: StepWriter): Cell[] {
  return range(directions).map(d => {
    const parameters = new Parameters(call, d, directions, write);
    switch (call.kernel) {
      case 'LSTM':
        return lstm(call, parameters, write);
      case 'GRU':
        return gru(call, parameters, write);
      default:
        return rnn(parameters);
    }
  });
}

/** The parameters of one direction. */
class Parameters {
  readonly hidden: number;
  readonly weights: Fixed;
  private readonly recurrence: Float32Array;
  private readonly biases: Float32Array;

  constructor(
    private readonly call: Call,
    private readonly d: number,
    private readonly directions: number,
    readonly write: StepWriter,
  ) {
    const [, rows, columns] = call.input('W').shape;
    this.hidden = call.input('R').shape[2];
    this.weights = transposed(this.own('W'), rows, columns, write);
    this.recurrence = this.own('R');
    this.biases = call.has('B') ? this.own('B') : new Float32Array(2 * rows);
  }

  get size(): Pick<Call, 'policy' | 'outputShape'> {
    const batch = this.call.input('X').shape[numberAttr(this.call, 'layout', 0) !== 0 ? 0 : 1];
    return { policy: this.call.policy, outputShape: [batch, this.hidden] };
  }

  own(name: string): Float32Array {
    const numbers = this.call.numbers(name);
    const size = numbers.length / this.directions;
    return numbers.subarray(this.d * size, (this.d + 1) * size);
  }

  /** [H, H]: the weights of a gate for h. */
  recurrent(gate: number): Fixed {
    const { hidden: h } = this;
    return transposed(this.recurrence.subarray(gate * h * h, (gate + 1) * h * h), h, h, this.write);
  }

  /** The biases of the inputs, and of h except for the gates that add theirs themselves. */
  bias(apart: readonly number[] = []): Fixed {
    const size = this.biases.length / 2;
    const sum = Float32Array.from({ length: size }, (_, i) => {
      const isApart = apart.includes(Math.floor(i / this.hidden));
      return this.biases[i] + (isApart ? 0 : this.biases[size + i]);
    });
    return this.write.constant(sum, [size]);
  }

  recurrentBias(gate: number): Fixed {
    const begin = this.biases.length / 2 + gate * this.hidden;
    return this.write.constant(this.biases.slice(begin, begin + this.hidden), [this.hidden]);
  }

  /** The part of a gate in [N, G·H]. */
  of(at: Value, gate: number): Value {
    return part(at, 1, gate * this.hidden, this.hidden, this.write);
  }

  /** The nonlinearity of a direction by its position in `activations`, after the cell's own clip. */
  activation(i: number, usual: readonly string[]): (z: Value) => Value {
    const { call, d, write } = this;
    const names = (call.attrs.activations as string[] | undefined) ?? [];
    const at = d * usual.length + i;
    const name = names[at] ?? usual[i];
    const bound = numberAttr(call, 'clip', Infinity);
    const [alpha, beta] = ['activation_alpha', 'activation_beta'].map(key => listAttr(call, key)?.[at]);
    const of = nonlinearity(call, name, alpha, beta, write);
    return z => of(Number.isFinite(bound) ? clip(z, -bound, bound, write) : z);
  }
}

function transposed(values: Float32Array, rows: number, columns: number, write: StepWriter): Fixed {
  const turned = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j];
  }
  return write.constant(turned, [columns, rows]);
}

function nonlinearity(
  call: Call,
  name: string,
  alpha: number | undefined,
  beta: number | undefined,
  write: StepWriter,
): (z: Value) => Value {
  const line = (z: Value, a: number, b: number) =>
    write.shift(write.scale(z, write.number(a)), write.number(b));
  switch (name.toLowerCase()) {
    case 'sigmoid':
      return z => bend(call, sigmoidOf, z, write);
    case 'tanh':
      return z => bend(call, tanhOf, z, write);
    case 'relu':
      return z => rectify(z, write);
    case 'leakyrelu':
      return z => leak(z, write.number(alpha ?? 0.01), write);
    case 'thresholdedrelu':
      return z => write.scale(z, write.greater(z, write.number(alpha ?? 1)));
    case 'hardsigmoid':
      return z => write.asGate(clip(line(z, alpha ?? 0.2, beta ?? 0.5), 0, 1, write), 2);
    case 'scaledtanh':
      return z =>
        write.scale(
          bend(call, tanhOf, write.scale(z, write.number(beta ?? 1)), write),
          write.number(alpha ?? 1),
        );
    case 'elu':
      return z => bend(call, exponentialUnit(1, alpha ?? 1), z, write);
    case 'softsign':
      return z => bend(call, softsignOf, z, write);
    case 'softplus':
      return z => bend(call, softplusOf, z, write);
    case 'affine':
      return z => line(z, alpha ?? 1, beta ?? 0);
    default:
      return call.refuse(`its activation ${name} has no rule`);
  }
}

function rnn(p: Parameters): Cell {
  const f = p.activation(0, ['Tanh']);
  const r = p.recurrent(0);
  return {
    ...{ weights: p.weights, bias: p.bias(), states: ['initial_h'] },
    next: (at, [h], product) => [f(total(p.size, [at, product(h, r)], p.write))],
  };
}

/** Gates z and r, then the candidate. */
function gru(call: Call, p: Parameters, write: StepWriter): Cell {
  const [f, g] = [0, 1].map(i => p.activation(i, ['Sigmoid', 'Tanh']));
  const [rz, rr, rh] = [0, 1, 2].map(gate => p.recurrent(gate));
  const isBefore = numberAttr(call, 'linear_before_reset', 0) !== 0;
  const candidate = (at: Value, r: Value, h: State, product: Product): Value => {
    if (!isBefore) return g(total(p.size, [p.of(at, 2), product(times(p.size, r, h, write), rh)], write));
    const own = product(h, rh);
    const bias = p.recurrentBias(2);
    const shifted = isValue(own) ? write.shift(own, bias) : write.plus(own, bias);
    return g(total(p.size, [p.of(at, 2), times(p.size, r, shifted, write)], write));
  };
  return {
    ...{ weights: p.weights, bias: p.bias(isBefore ? [2] : []), states: ['initial_h'] },
    next(at, [h], product) {
      const z = f(total(p.size, [p.of(at, 0), product(h, rz)], write));
      const r = f(total(p.size, [p.of(at, 1), product(h, rr)], write));
      const n = candidate(at, r, h, product);
      // (1 − z)∘n + z∘h = n + z∘(h − n)
      const change = times(p.size, z, difference(p.size, h, n, write), write);
      return [write.sum([n, change])];
    },
  };
}

/** Gates i, o, f, then the candidate. */
function lstm(call: Call, p: Parameters, write: StepWriter): Cell {
  const [f, g, h] = [0, 1, 2].map(i => p.activation(i, ['Sigmoid', 'Tanh', 'Tanh']));
  const r = range(4).map(gate => p.recurrent(gate));
  const peepholes = call.has('P') ? p.own('P') : null;
  const peephole = (gate: number, c: State): State[] => {
    if (peepholes === null) return [];
    const own = write.constant(peepholes.slice(gate * p.hidden, (gate + 1) * p.hidden), [p.hidden]);
    return [isValue(c) ? write.scale(c, own) : write.times(c, own)];
  };
  const isCoupled = numberAttr(call, 'input_forget', 0) !== 0;
  return {
    ...{ weights: p.weights, bias: p.bias(), states: ['initial_h', 'initial_c'] },
    next(at, [before, c], product) {
      const sum = (gate: number, cell: State[]) =>
        total(p.size, [p.of(at, gate), product(before, r[gate]), ...cell], write);
      const input = f(sum(0, peephole(0, c)));
      const forget = isCoupled
        ? difference(p.size, write.broadcastFixed(write.number(1), p.size.outputShape), input, write)
        : f(sum(2, peephole(2, c)));
      const kept = times(p.size, forget, c, write);
      const cell = write.sum([kept, times(p.size, input, g(sum(3, [])), write)]);
      const output = f(sum(1, peephole(1, cell)));
      // The clip is for what the gates get; the state goes through h as it is.
      return [times(p.size, output, h(cell), write), cell];
    },
  };
}
