import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../plan/graph';
import { simplified, type Part } from '../plan/simplify';
import type { WholeMap } from '../plan/whole-map';
import { installedSink } from '../sink/current-sink';
import { numbersOf, onnxModel, type OnnxModel } from './onnx-model';

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

  private session(inputs: Names, outputs: Names): Session {
    const key = JSON.stringify([inputs, outputs]);
    const session = this.sessions.get(key) ?? new Session(onnxModel(this.simplified(inputs, outputs), true));
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

/** A part that is compiled, or about to be. */
class Session {
  /** Bytes of its weights. */
  readonly weights: number;
  private readonly ready: Promise<InferenceSession>;
  private running = 0;
  private isReleased = false;

  constructor({ bytes, files }: OnnxModel) {
    this.weights = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const options: InferenceSession.SessionOptions = {
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      externalData: [...files].map(([path, data]) => ({ path, data })),
      enableCpuMemArena: this.weights < LARGE,
      extra: PATIENT,
    };
    this.ready = onnxruntime().then(({ InferenceSession }) =>
      uncut(() => InferenceSession.create(bytes, options)),
    );
  }

  async run(feeds: InferenceSession.FeedsType): Promise<InferenceSession.ReturnType> {
    this.running++;
    try {
      const session = await this.ready;
      return await uncut(() => session.run(feeds));
    } finally {
      this.running--;
      await this.freed();
    }
  }

  /** Frees the session when its last run has ended. */
  release(): void {
    this.isReleased = true;
    // A session that could not be made has nothing to free.
    this.freed().catch(() => undefined);
  }

  private async freed(): Promise<void> {
    if (!this.isReleased || this.running > 0) return;
    const session = await this.ready;
    await uncut(() => session.release());
  }
}

/** Bytes of weights in the sessions of one network, beyond which the least recently used ones are released. */
const KEPT = 512 * 2 ** 20;

/** Bytes of weights from which the memory of a run is returned after it, at the cost of some time. */
const LARGE = 64 * 2 ** 20;

/** Calls onnxruntime, which ends the process if its native code is cut in the middle. */
async function uncut<T>(call: () => Promise<T>): Promise<T> {
  const release = installedSink()?.hold?.('a run of onnxruntime to end');
  try {
    return await call();
  } finally {
    release?.();
  }
}

/** Loaded at the first use; an `import()` at each run would take longer than a small network. */
const onnxruntime = () => (loading ??= uncut(() => import('onnxruntime-node')));
let loading: Promise<typeof import('onnxruntime-node')> | undefined;

/**
 * Threads of a session spin while they wait within a run, and sleep between runs, when spinning would take the processors
 * from other work. Spinning saves 10 % of ResNet-20 and of the MNIST CNN on an idle machine, and costs nothing that
 * could be measured on a busy one.
 */
const PATIENT = { session: { force_spinning_stop: '1', use_device_allocator_for_initializers: '1' } };
