import { onnxruntime } from '../onnx-file/onnxruntime';
import { Session } from '../onnx-file/session';
import type { Graph } from '../plan/graph';
import { simplified, type Part } from '../plan/simplify';
import type { WholeMap } from '../plan/whole-map';
import { numbersOf, onnxModel } from './onnx-model';

/** Names of nodes to feed or to compute. */
export type Names = Readonly<Record<string, number>>;

/**
 * Parts of one plan as onnxruntime sessions, created at their first run and kept. The weights are those at the moment of
 * construction.
 */
export class OnnxPrograms {
  /** Ordered by last use, the most recent last. */
  private readonly sessions = new Map<string, Session>();
  private wholeMap: WholeMap | undefined;
  private readonly weights: readonly Float32Array[];

  constructor(private readonly graph: Graph) {
    this.weights = graph.constants.map(numbersOf);
  }

  /**
   * @param feeds the numbers of each input, row major.
   * @returns the numbers of each output.
   */
  async run<K extends string>(
    inputs: Names,
    outputs: Readonly<Record<K, number>>,
    feeds: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<K, Float32Array>> {
    const { Tensor } = await onnxruntime();
    const fed = Object.entries(inputs).map(([name, id]) => [
      name,
      new Tensor('float32', feeds[name], this.graph.shape(id)),
    ]);
    const results = await this.session(inputs, outputs).run(Object.fromEntries(fed));
    const numbers = Object.keys(outputs).map(name => [name, results[name].data as Float32Array]);
    return Object.fromEntries(numbers) as Record<K, Float32Array>;
  }

  /** All of W, written when first asked for. */
  once(write: () => WholeMap): WholeMap {
    this.wholeMap ??= write();
    return this.wholeMap;
  }

  /** The same part as the bytes of an ONNX file, weights included. */
  model(inputs: Names, outputs: Names): Uint8Array {
    return onnxModel(this.simplified(inputs, outputs), false).bytes;
  }

  private simplified(inputs: Names, outputs: Names): Part {
    return simplified({ graph: this.graph, inputs, outputs }, index => {
      // A constant that was written later, for a stack of rows, is not the model's.
      return this.weights[index] ?? numbersOf(this.graph.constants[index]);
    });
  }

  /** Frees all sessions as soon as their runs have ended. A part that is run later is compiled again. */
  release(): void {
    for (const session of this.sessions.values()) session.release();
    this.sessions.clear();
  }

  private compiled(inputs: Names, outputs: Names): Session {
    const { bytes, files } = onnxModel(this.simplified(inputs, outputs), true);
    return new Session(bytes, files);
  }

  private session(inputs: Names, outputs: Names): Session {
    const key = JSON.stringify([inputs, outputs]);
    const session = this.sessions.get(key) ?? this.compiled(inputs, outputs);
    this.sessions.delete(key);
    this.sessions.set(key, session);
    let bytes = [...this.sessions.values()].reduce((sum, { weights }) => sum + weights, 0);
    for (const [old, dropped] of this.sessions) {
      if (bytes <= KEPT || old === key) break;
      this.sessions.delete(old);
      dropped.release();
      bytes -= dropped.weights;
    }
    return session;
  }
}

/** Bytes of weights in the sessions of one network, beyond which the least recently used ones are released. */
const KEPT = 512 * 2 ** 20;
