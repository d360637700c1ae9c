import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../plan/graph';
import { simplified } from '../plan/simplify';
import type { WholeMap } from '../plan/whole-map';
import { numbersOf, onnxModel } from './onnx-model';

/** Names of nodes to feed or to compute. */
export type Names = Readonly<Record<string, number>>;

/**
 * Parts of one plan as onnxruntime sessions, made when first run and kept. The weights are those of the moment at which
 * this was made.
 */
export class OnnxPrograms {
  private readonly sessions = new Map<string, Promise<InferenceSession>>();
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
    const session = await this.session(inputs, outputs);
    const fed = Object.entries(inputs).map(([name, id]) => [
      name,
      new Tensor('float32', feeds[name], this.graph.shape(id)),
    ]);
    const results = await session.run(Object.fromEntries(fed));
    const numbers = Object.keys(outputs).map(name => [name, results[name].data as Float32Array]);
    return Object.fromEntries(numbers) as Record<K, Float32Array>;
  }

  /** All of W, written when first asked for. */
  once(write: () => WholeMap): WholeMap {
    this.wholeMap ??= write();
    return this.wholeMap;
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
    const { InferenceSession } = await onnxruntime();
    return InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: PATIENT,
    });
  }
}

/** Loaded at the first use; an `import()` at each run would take longer than a small network. */
const onnxruntime = () => (loading ??= import('onnxruntime-node'));
let loading: Promise<typeof import('onnxruntime-node')> | undefined;

/**
 * Threads of a session spin while they wait within a run, and sleep between runs, where they would take the processors
 * from whoever works then. Spinning saves 10 % of ResNet-20 and of the MNIST CNN on an idle machine, and costs nothing that
 * could be measured on a busy one.
 */
const PATIENT = { session: { force_spinning_stop: '1' } };
