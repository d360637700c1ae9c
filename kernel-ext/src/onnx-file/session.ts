import type { InferenceSession } from 'onnxruntime-node';
import { onnxruntime, uncut } from './onnxruntime';

/** Bytes of weights from which the memory of a run is returned after it, at the cost of some time. */
const LARGE = 64 * 2 ** 20;

/**
 * Threads of a session spin while they wait within a run, and sleep between runs, when spinning would take the processors
 * from other work. Spinning saves 10 % of ResNet-20 and of the MNIST CNN on an idle machine, and costs nothing that
 * could be measured on a busy one.
 */
const PATIENT = { force_spinning_stop: '1', use_device_allocator_for_initializers: '1' };

/** The setting of onnxruntime that tells where external data of a model from bytes is. */
const FOLDER = 'model_external_initializers_file_folder_path';

export interface SessionOptions {
  /** The folder of external data that `files` does not hold. */
  folder?: string;
  /** Whether onnxruntime may fuse and fold nodes; a model that runs once is ready sooner without. Default: true. */
  optimized?: boolean;
}

/** A model that onnxruntime compiles, or is about to. A stop never cuts onnxruntime in the middle. */
export class Session {
  /** Bytes of its weights. */
  readonly weights: number;
  private readonly ready: Promise<InferenceSession>;
  private running = 0;
  private isReleased = false;

  /**
   * @param bytes an ONNX model.
   * @param files what it refers to as external data, by path.
   */
  constructor(
    bytes: Uint8Array,
    files: ReadonlyMap<string, Uint8Array>,
    { folder, optimized = true }: SessionOptions = {},
  ) {
    this.weights = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const options: InferenceSession.SessionOptions = {
      graphOptimizationLevel: optimized ? 'all' : 'disabled',
      // What goes wrong is thrown, and need not be logged.
      logSeverityLevel: 4,
      externalData: [...files].map(([path, data]) => ({ path, data })),
      enableCpuMemArena: this.weights < LARGE,
      extra: { session: { ...PATIENT, ...(folder === undefined ? {} : { [FOLDER]: folder }) } },
    };
    this.ready = onnxruntime().then(({ InferenceSession }) =>
      uncut(() => InferenceSession.create(bytes, options)),
    );
    // Whoever runs it gets the error; nobody may.
    this.ready.catch(() => undefined);
  }

  /** @param fetches the outputs to return. Default: all. */
  async run(
    feeds: InferenceSession.FeedsType,
    fetches?: readonly string[],
  ): Promise<InferenceSession.ReturnType> {
    this.running++;
    try {
      const session = await this.ready;
      return await uncut(() => (fetches === undefined ? session.run(feeds) : session.run(feeds, fetches)));
    } finally {
      this.running--;
      await this.freed();
    }
  }

  /** Names, types and shapes of inputs and outputs, as onnxruntime infers them. */
  async values(): Promise<Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>> {
    return this.ready;
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
