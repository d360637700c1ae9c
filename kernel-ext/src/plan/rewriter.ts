import { Graph, type Node } from './graph';

/**
 * Looks at a node of the old graph whose inputs are nodes of the new one.
 * @returns the node of the new graph that takes its place; undefined to leave it as it is.
 */
export type Rewrite = (node: Node, inputs: readonly number[], rewriter: Rewriter) => number | undefined;

/** Rewrites a part of a graph node by node, by rules that may replace what they find with simpler nodes. */
export class Rewriter {
  readonly graph = new Graph();
  /** The new nodes that replace the old ones, by the old ones' numbers. */
  private readonly ids = new Map<number, number>();
  /** How many old nodes read the new ones. */
  private readonly readers = new Map<number, number>();
  private readonly oldReaders = new Map<number, number>();

  /**
   * @param part numbers of the nodes to write, in an order in which they can be run.
   * @param fed those of them that are fed, whatever their operation.
   * @param wanted those of them whose results are read.
   */
  constructor(
    readonly old: Graph,
    private readonly part: readonly number[],
    private readonly fed: ReadonlySet<number>,
    wanted: readonly number[],
    private readonly numbers: (index: number) => Float32Array,
  ) {
    const read = part.filter(id => !fed.has(id)).flatMap(id => old.nodes[id].inputs);
    for (const id of [...read, ...wanted]) this.oldReaders.set(id, (this.oldReaders.get(id) ?? 0) + 1);
  }

  /** @returns the new number of each node. */
  run(rules: readonly Rewrite[]): ReadonlyMap<number, number> {
    for (const id of this.part) {
      const written = this.write(id, rules);
      this.ids.set(id, written);
      this.readers.set(written, (this.readers.get(written) ?? 0) + (this.oldReaders.get(id) ?? 0));
    }
    return this.ids;
  }

  /** Whether only the node at hand reads a new node. */
  readonly isReadOnce = (id: number): boolean => this.readers.get(id) === 1;

  /** The numbers of a constant that differs along the last axis at most; null for anything else. */
  readonly perChannel = (id: number): Float32Array | null => {
    const { op, attrs, shape } = this.graph.nodes[id];
    if (op !== 'constant' || shape.slice(0, -1).some(d => d !== 1)) return null;
    return this.values(attrs.index!);
  };

  /** Constant weights times a number for each output channel, which changes fastest; null if they are computed. */
  scaled(weights: number, gamma: Float32Array): number | null {
    const { op, attrs, shape } = this.graph.nodes[weights];
    if (op !== 'constant') return null;
    const values = this.values(attrs.index!).map((w, i) => w * gamma[i % gamma.length]);
    return this.graph.constant({ values, shape: [...shape] });
  }

  private values(index: number): Float32Array {
    return (this.graph.constants[index] as { values: Float32Array }).values;
  }

  private write(id: number, rules: readonly Rewrite[]): number {
    const node = this.old.nodes[id];
    const { op, attrs, shape } = node;
    if (this.fed.has(id)) return this.graph.input(`fed ${id}`, shape);
    if (op === 'constant')
      return this.graph.constant({ values: this.numbers(attrs.index!), shape: [...shape] });
    const inputs = node.inputs.map(input => this.ids.get(input)!);
    for (const rule of rules) {
      const simpler = rule(node, inputs, this);
      if (simpler !== undefined) return simpler;
    }
    if (op === 'reshape') return this.graph.reshape(inputs[0], shape);
    if (op === 'permute') return this.graph.permute(inputs[0], attrs.permutation!);
    return this.graph.append({ ...node, inputs });
  }
}
