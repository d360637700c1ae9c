import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../plan/graph';
import { simplified } from '../plan/simplify';
import { numbersOf, onnxModel } from './onnx-model';

/** Names of nodes to feed or to compute. */
export type Names = Readonly<Record<string, number>>;

/**
 * Parts of one plan as onnxruntime sessions, made when first run and kept. The weights are those of the moment at which
 * this was made.
 */
export class OnnxPrograms {
  private readonly sessions = new Map<string, Promise<InferenceSession>>();
  private readonly parts = new Map<string, number | null>();
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
    const { Tensor } = await import('onnxruntime-node');
    const session = await this.session(inputs, outputs);
    const fed = Object.entries(inputs).map(([name, id]) => [
      name,
      new Tensor('float32', feeds[name], this.graph.shape(id)),
    ]);
    const results = await session.run(Object.fromEntries(fed));
    const numbers = Object.keys(outputs).map(name => [name, results[name].data as Float32Array]);
    return Object.fromEntries(numbers) as Record<K, Float32Array>;
  }

  /** A part of the plan, written when first asked for. */
  once(part: string, write: () => number | null): number | null {
    if (!this.parts.has(part)) this.parts.set(part, write());
    return this.parts.get(part)!;
  }

  /** The same part as the bytes of an ONNX file. */
  model(inputs: Names, outputs: Names): Uint8Array {
    const simple = simplified({ graph: this.graph, inputs, outputs }, index => {
      // A constant that was written later, for a stack of rows, is not the model's.
      return this.weights[index] ?? numbersOf(this.graph.constants[index]);
    });
    return onnxModel(simple.graph, simple.inputs, simple.outputs);
  }

  private session(inputs: Names, outputs: Names): Promise<InferenceSession> {
    const key = JSON.stringify([inputs, outputs]);
    const known = this.sessions.get(key) ?? this.start(this.model(inputs, outputs));
    this.sessions.set(key, known);
    return known;
  }

  private async start(model: Uint8Array): Promise<InferenceSession> {
    const { InferenceSession } = await import('onnxruntime-node');
    return InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: PATIENT,
    });
  }
}

/**
 * Threads of a session sleep while they wait. Where other programs want the processors, too, waiting threads that spin
 * take them from those that work: ResNet-20 on a busy machine with 2 cores took 33 ms instead of 154 ms.
 */
const PATIENT = { session: { intra_op: { allow_spinning: '0' } } };
