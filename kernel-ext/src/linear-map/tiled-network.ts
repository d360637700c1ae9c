import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { BiasByLayer, BiasTerms, Elsewhere, Network, RowsAndBias } from './network';
import { partOf, tileDone, type Work } from './work';

/** Some of the instances: their number, and how to freeze the network at them. */
export interface Tile {
  instances: number;
  freeze(): Promise<Network>;
}

/** A tile whose network is frozen again for each use, or kept. */
interface FrozenTile extends Tile {
  release(network: Network): void;
}

/**
 * Many instances, one tile at a time: each tile is frozen when it is needed and freed afterwards, so that apart from the results,
 * memory does not grow with the number of instances. Where every tile comes with all of its W, and all W
 * together fit half of the memory budget, the tiles are kept.
 */
export class TiledNetwork implements Network {
  isDisposed = false;

  private constructor(
    private readonly tiles: readonly FrozenTile[],
    private readonly kept: readonly Network[],
    readonly instances: number,
    readonly outputs: number,
    readonly inputs: number,
    readonly memory: number,
    readonly output: Tensor,
    readonly bias: Tensor,
    readonly activation: Tensor | null,
  ) {}

  get isWritten(): boolean {
    return this.kept.length > 0;
  }

  /** The tiles must stay available for as long as the network lives. */
  static async of(tiles: readonly Tile[], work: Work): Promise<TiledNetwork> {
    const instances = tiles.reduce((n, tile) => n + tile.instances, 0);
    const parts: Tensor[][] = [[], [], []];
    const kept: Network[] = [];
    let keepsAll = true;
    const release = (network: Network) => {
      const bytes = 4 * instances * network.outputs * network.inputs;
      keepsAll &&= network.isWritten && bytes <= network.memory / 2;
      kept.push(network);
      if (!keepsAll) for (const one of kept.splice(0)) one.dispose();
    };
    try {
      let sizes = { outputs: 0, inputs: 0, memory: 0 };
      const first = tiles.map(tile => ({ ...tile, release }));
      await overTiles(first, work, async network => {
        parts[0].push(network.output.clone());
        parts[1].push(network.bias.clone());
        if (network.activation !== null) parts[2].push(network.activation.clone());
        sizes = network;
      });
      const { outputs, inputs, memory } = sizes;
      const [output, bias] = [tf.concat(parts[0]), tf.concat(parts[1])];
      const activation = parts[2].length === 0 ? null : tf.concat(parts[2]);
      const frozen = keepsAll ? kept.map(keptTile) : tiles.map(freshTile);
      return new TiledNetwork(frozen, kept, instances, outputs, inputs, memory, output, bias, activation);
    } catch (error) {
      for (const network of kept) network.dispose();
      throw error;
    } finally {
      tf.dispose(parts);
    }
  }

  rows(indices: readonly number[], work: Work = {}): Promise<Tensor> {
    return this.joined(work, (network, _, part) => network.rows(indices, part));
  }

  known(indices: readonly number[], instance?: number): Float32Array | null {
    if (!this.isWritten) return null;
    if (instance !== undefined) return this.knownOf(indices, instance);
    const perInstance = indices.length * this.inputs;
    const rows = new Float32Array(this.instances * perInstance);
    let at = 0;
    for (const network of this.kept) {
      rows.set(network.known(indices)!, at * perInstance);
      at += network.instances;
    }
    return rows;
  }

  private knownOf(indices: readonly number[], instance: number): Float32Array | null {
    let position = instance;
    for (const network of this.kept) {
      if (position < network.instances) return network.known(indices, position);
      position -= network.instances;
    }
    return null;
  }

  pullBack(u: Tensor, work: Work = {}): Promise<Tensor> {
    return this.joined(work, (network, at, part) =>
      withColumns(u, at * this.outputs, network.instances * this.outputs, t => network.pullBack(t, part)),
    );
  }

  pushForward(v: Tensor, work: Work = {}): Promise<Tensor> {
    return this.joined(work, (network, at, part) =>
      withColumns(v, at * this.inputs, network.instances * this.inputs, t => network.pushForward(t, part)),
    );
  }

  async pushedBias(): Promise<Tensor> {
    const parts: Tensor[] = [];
    try {
      await overTiles(this.tiles, {}, async network => void parts.push(await network.pushedBias()));
      return tf.concat(parts);
    } finally {
      tf.dispose(parts);
    }
  }

  async rankBound(): Promise<number> {
    const bounds: number[] = [];
    await overTiles(this.tiles, {}, async network => void bounds.push(await network.rankBound()));
    return Math.max(...bounds);
  }

  async biasByLayer(indices?: readonly number[], work: Work = {}): Promise<BiasByLayer> {
    let layers: string[] = [];
    const bias = await this.joined(work, async (network, _, part) => {
      const parts = await network.biasByLayer(indices, part);
      layers = parts.layers;
      return parts.bias;
    });
    return { layers, bias };
  }

  async rowsAndBias(indices: readonly number[], work: Work = {}): Promise<RowsAndBias> {
    const rows = await this.rows(indices, partOf(work, 0, 0.5));
    try {
      return { rows, ...(await this.biasByLayer(indices, partOf(work, 0.5, 1))) };
    } catch (error) {
      rows.dispose();
      throw error;
    }
  }

  async weighted(u: Tensor, work: Work = {}): Promise<RowsAndBias> {
    let layers: string[] = [];
    const tiles: RowsAndBias[] = [];
    try {
      await overTiles(this.tiles, work, async (network, at, part) => {
        const own = (t: Tensor) => network.weighted(t, part);
        const found = await withColumns(u, at * this.outputs, network.instances * this.outputs, own);
        layers = found.layers;
        tiles.push(found);
      });
      const rows = tf.concat(
        tiles.map(tile => tile.rows),
        1,
      );
      return {
        rows,
        layers,
        bias: tf.concat(
          tiles.map(tile => tile.bias),
          1,
        ),
      };
    } finally {
      tf.dispose(tiles.flatMap(({ rows, bias }) => [rows, bias]));
    }
  }

  async biasTerms(index: number): Promise<BiasTerms[]> {
    const tiles: BiasTerms[][] = [];
    try {
      await overTiles(this.tiles, {}, async network => void tiles.push(await network.biasTerms(index)));
      return tiles[0].map((first, i) => ({
        ...first,
        terms: tf.concat(tiles.map(tile => tile[i].terms)),
      }));
    } finally {
      tf.dispose(tiles.flatMap(tile => tile.map(({ terms }) => terms)));
    }
  }

  async elsewhere(x: Tensor, other: Tensor): Promise<Elsewhere> {
    const parts: Elsewhere[] = [];
    try {
      await overTiles(this.tiles, {}, async (network, at) => {
        const begin = [at, ...x.shape.slice(1).map(() => 0)];
        const size = [network.instances, ...x.shape.slice(1)];
        const [here, there] = [x.slice(begin, size), other.slice(begin, size)];
        try {
          parts.push(await network.elsewhere(here, there));
        } finally {
          tf.dispose([here, there]);
        }
      });
      const total = (of: 'switched' | 'units') => parts.reduce((sum, part) => sum + part[of], 0);
      const outputs = parts.map(({ output }) => output.flatten());
      const output = tf.concat(outputs);
      tf.dispose(outputs);
      return { output, switched: total('switched'), units: total('units') };
    } finally {
      tf.dispose(parts.map(({ output }) => output));
    }
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    tf.dispose([this.output, this.bias, this.activation ?? []]);
    for (const network of this.kept) network.dispose();
  }

  /** The results of all tiles, side by side. */
  private async joined(
    work: Work,
    ask: (network: Network, at: number, work: Work) => Promise<Tensor>,
  ): Promise<Tensor> {
    const parts: Tensor[] = [];
    try {
      await overTiles(this.tiles, work, async (network, at, part) => {
        parts.push(await ask(network, at, part));
      });
      return tf.concat(parts, 1);
    } finally {
      tf.dispose(parts);
    }
  }
}

const keptTile = (network: Network): FrozenTile => ({
  instances: network.instances,
  freeze: async () => network,
  release: () => undefined,
});

const freshTile = (tile: Tile): FrozenTile => ({
  instances: tile.instances,
  freeze: () => tile.freeze(),
  release: network => network.dispose(),
});

async function overTiles(
  tiles: readonly FrozenTile[],
  work: Work,
  visit: (network: Network, at: number, work: Work) => Promise<void>,
): Promise<void> {
  let at = 0;
  for (const [i, tile] of tiles.entries()) {
    const network = await tile.freeze();
    try {
      await visit(network, at, partOf(work, i / tiles.length, (i + 1) / tiles.length));
    } finally {
      tile.release(network);
    }
    at += tile.instances;
    await tileDone(work, (i + 1) / tiles.length);
  }
}

async function withColumns<T>(
  t: Tensor,
  from: number,
  count: number,
  use: (part: Tensor) => Promise<T>,
): Promise<T> {
  const part = t.slice([0, from], [t.shape[0], count]);
  try {
    return await use(part);
  } finally {
    part.dispose();
  }
}
