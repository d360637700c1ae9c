import { unitVectors } from '../linear-map/operator';
import type { Compiled, Executor } from '../linear-map/compiled';
import { stepDone } from '../linear-map/work';
import { sizeOf } from '../plan/graph';
import { marginsOf } from '../plan/margins';
import type { Plan } from '../plan/plan';
import { rowsProgram } from '../plan/programs';
import { isInstanceMajor } from '../plan/row-strategies';
import { gateMargins, type GateMargins } from './gate-margins';

/** What a network does at one input: F there, and the margins of the requested gates. */
export interface Reading {
  output: Float32Array;
  /** In the order of the gates; a gate that was not requested has none. */
  margins: (Float32Array | undefined)[];
}

/** The most inputs that are read together, in one run of a static plan. */
const TILE = 32;
/** Numbers in the margins of one run: 32 inputs of an MNIST CNN have a million. No run may take so long that it cannot be stopped. */
const MOST_NUMBERS = 2 ** 24;

/** @throws NoRegionError */
function tileFor(plan: Plan): number {
  const numbers = marginsOf(plan).margins.reduce((sum, { value }) => sum + sizeOf(value.shape), 0);
  return Math.max(1, Math.min(TILE, Math.floor(MOST_NUMBERS / Math.max(1, numbers))));
}

/** Reads the margins of all units of a network at any number of inputs, in tiles. */
export class MarginReader {
  readonly gates: readonly GateMargins[];
  /** D and C */
  readonly inputs: number;
  readonly outputs: number;

  private constructor(
    private readonly compiled: Compiled,
    /** How many inputs are read in one run. */
    readonly tile: number,
    private readonly executor: Executor,
  ) {
    const { plan } = compiled;
    const { margins } = marginsOf(plan);
    this.gates = margins.map(margin => gateMargins(margin, tile));
    this.inputs = sizeOf(plan.inputShape) / tile;
    this.outputs = plan.outputs;
  }

  /**
   * @param compile the model for a number of instances.
   * @param batched whether the model takes more than one.
   * @throws NoRegionError
   */
  static async of(
    compile: (instances: number) => Promise<Compiled>,
    batched: boolean,
    executor: Executor,
  ): Promise<MarginReader> {
    const one = await compile(1);
    const tile = batched ? tileFor(one.plan) : 1;
    if (tile === 1) return new MarginReader(one, 1, executor);
    const many = await compile(tile);
    const { margins, steps } = marginsOf(many.plan);
    const apart = margins.every(({ value }) => isInstanceMajor(value, steps, tile));
    return apart ? new MarginReader(many, tile, executor) : new MarginReader(one, 1, executor);
  }

  /**
   * @param points inputs one after the other, row major.
   * @param level the first level of gates to read.
   * @returns one reading per input.
   */
  async read(points: Float32Array, level = 0): Promise<Reading[]> {
    const { plan } = this.compiled;
    const { margins } = marginsOf(plan);
    const wanted = [...margins.keys()].filter(gate => margins[gate].level >= level);
    const readings = await this.inTiles(points, [plan.y, ...wanted.map(gate => margins[gate].value.node)]);
    return readings.map(([output, ...read]) => {
      const all: Reading['margins'] = Array(margins.length).fill(undefined);
      wanted.forEach((gate, i) => (all[gate] = read[i]));
      return { output, margins: all };
    });
  }

  /** F at inputs one after the other, [C] each. */
  async outputsAt(points: Float32Array): Promise<Float32Array[]> {
    const readings = await this.inTiles(points, [this.compiled.plan.y]);
    return readings.map(([output]) => output);
  }

  /**
   * Rows of W at inputs one after the other.
   * @returns [R·D] for each input
   */
  async rowsAt(points: Float32Array, indices: readonly number[]): Promise<Float32Array[]> {
    const { compiled, tile, inputs, outputs } = this;
    const { from, to } = rowsProgram(compiled.plan, indices.length);
    const count = points.length / inputs;
    if (to === null) return Array.from({ length: count }, () => new Float32Array(indices.length * inputs));
    const fed = { node: from, numbers: unitVectors(indices, outputs, tile) };
    const tiles: Float32Array[][] = [];
    for (const { x, length } of this.tiles(points)) {
      const [rows] = await compiled.numbersAt(x, [to], this.executor, fed);
      await stepDone();
      tiles.push(Array.from({ length }, (_, i) => ofInstance(rows, i, tile, indices.length)));
    }
    return tiles.flat();
  }

  /** The numbers of some nodes, for each input its share. */
  private async inTiles(points: Float32Array, nodes: readonly number[]): Promise<Float32Array[][]> {
    const readings: Float32Array[][] = [];
    for (const { x, length } of this.tiles(points)) {
      const numbers = await this.compiled.numbersAt(x, nodes, this.executor);
      await stepDone();
      for (let i = 0; i < length; i++) readings.push(numbers.map(all => share(all, i, this.tile)));
    }
    return readings;
  }

  /** As many inputs as the plan takes at once, padded with zeros after the last one. */
  private *tiles(points: Float32Array): Generator<{ x: Float32Array; length: number }> {
    const { inputs, tile } = this;
    const count = points.length / inputs;
    for (let begin = 0; begin < count; begin += tile) {
      const length = Math.min(tile, count - begin);
      const x = new Float32Array(tile * inputs);
      x.set(points.subarray(begin * inputs, (begin + length) * inputs));
      yield { x, length };
    }
  }
}

/** [R, N·D] → [R·D] of one instance. */
function ofInstance(rows: Float32Array, instance: number, instances: number, count: number): Float32Array {
  const size = rows.length / count / instances;
  const own = new Float32Array(count * size);
  for (let r = 0; r < count; r++) {
    const from = (r * instances + instance) * size;
    own.set(rows.subarray(from, from + size), r * size);
  }
  return own;
}

function share(numbers: Float32Array, instance: number, instances: number): Float32Array {
  const size = numbers.length / instances;
  return numbers.subarray(instance * size, (instance + 1) * size);
}
