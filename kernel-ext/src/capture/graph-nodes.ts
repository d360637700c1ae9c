import * as tf from '@tensorflow/tfjs';
import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import { DynamicGraphError } from '../errors';
import type { LiveCall } from './live-call';

/** The flag that makes TensorFlow.js keep the output of each node of a graph. */
const KEEP = 'KEEP_INTERMEDIATE_TENSORS';

/**
 * Finds which node of a GraphModel made which kernel call. With the flag above, the executor clones the output of a
 * node as soon as the node has run, and names the clones; so the calls between two such clones belong to one node.
 */
export class GraphNodes {
  private readonly clones: { ordinal: number; original: Tensor; clone: number }[] = [];
  private seen = 0;

  constructor(private readonly model: GraphModel) {}

  /** Records a kernel call. It must see every call, in order. */
  see({ kernel, inputs, outputs }: Omit<LiveCall, 'layer'>): void {
    const ordinal = this.seen++;
    if (kernel === 'Identity') {
      this.clones.push({ ordinal, original: inputs.x as Tensor, clone: outputs[0].id });
    }
  }

  /**
   * Runs the model so that it names its nodes.
   * @throws DynamicGraphError if which nodes run, or the shape of their outputs, depends on x.
   */
  run<T>(work: () => T): T {
    const before = tf.env().getBool(KEEP);
    keep(true);
    try {
      return work();
    } catch (error) {
      throw dynamic(error) ?? error;
    } finally {
      keep(before);
    }
  }

  /** The node of each call by its ordinal, and the outputs of each node. */
  names(): { calls: (string | undefined)[]; outputs: Map<string, Tensor[]> } {
    const nodes = new Map<number, string>();
    for (const [node, clones] of Object.entries(this.model.getIntermediateTensors())) {
      for (const clone of clones) if (clone) nodes.set(clone.id, node);
    }
    const calls: (string | undefined)[] = [];
    const outputs = new Map<string, Tensor[]>();
    for (const { ordinal, original, clone } of this.clones) {
      const node = nodes.get(clone);
      if (node === undefined) continue;
      // The first clone is of a weight or an input; whatever ran before it does not belong to the graph.
      if (outputs.size === 0) calls.length = ordinal;
      while (calls.length <= ordinal) calls.push(node);
      outputs.set(node, [...(outputs.get(node) ?? []), original]);
    }
    return { calls, outputs };
  }

  dispose(): void {
    this.model.disposeIntermediateTensors();
  }
}

/** Sets the flag and suppresses TensorFlow.js's warning that this prints every number, which is not so. */
function keep(value: boolean): void {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    tf.env().set(KEEP, value);
  } finally {
    console.warn = warn;
  }
}

/** TensorFlow.js runs a graph synchronously unless a node depends on the numbers; then its error names that node. */
function dynamic(error: unknown): DynamicGraphError | undefined {
  const found =
    error instanceof Error ? /node '([^']*)', which has the dynamic op '([^']*)'/.exec(error.message) : null;
  return found === null ? undefined : new DynamicGraphError(found[1], found[2], { cause: error });
}
