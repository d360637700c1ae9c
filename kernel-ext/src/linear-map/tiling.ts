import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { ModelChangedError } from '../errors';
import type { Compiled, Executor } from './compiled';
import type { Network } from './network';
import { TiledNetwork } from './tiled-network';
import type { Work } from './work';
import { withWorkBar } from './work-bar';

/** Instances begin … begin + instances − 1 of x, and the model compiled for that number of instances. */
interface Slice {
  begin: number;
  instances: number;
  compiled: Compiled;
}

/** One x cut along its instances into tiles that are processed one after the other. Usually there is only one tile. */
export class Tiling {
  /**
   * @param x as the model takes it; the tiling takes ownership, even if it throws.
   * @param size the largest number of instances in a tile.
   * @param compile gives the plan for a number of instances that begin at one of them.
   */
  static async of(
    x: Tensor,
    instances: number,
    size: number,
    compile: (instances: number, begin: number) => Promise<Compiled>,
  ): Promise<Tiling> {
    try {
      const slices: Slice[] = [];
      for (let begin = 0; begin < instances; begin += size) {
        const count = Math.min(size, instances - begin);
        slices.push({ begin, instances: count, compiled: await compile(count, begin) });
      }
      return new Tiling(x, instances, slices);
    } catch (error) {
      x.dispose();
      throw error;
    }
  }

  private constructor(
    private readonly x: Tensor,
    /** N */
    readonly instances: number,
    private readonly slices: readonly Slice[],
  ) {}

  get compiled(): Compiled {
    return this.slices[0].compiled;
  }

  /** Shape of x as the model takes it. */
  get shape(): readonly number[] {
    return this.x.shape;
  }

  /** The network frozen at x, which the caller disposes; this must live as long. */
  async freeze(executor: Executor, memory: number, work: Work): Promise<Network> {
    if (this.slices.length === 1) {
      this.assertCurrent();
      return this.compiled.at(this.x, executor, memory);
    }
    const tiles = this.slices.map(slice => ({
      instances: slice.instances,
      freeze: async () => {
        assertCurrent(slice.compiled);
        const part = this.part(slice);
        try {
          return await slice.compiled.at(part, executor, memory);
        } finally {
          part.dispose();
        }
      },
    }));
    const facts = { label: 'Linearizing', total: this.instances, unit: 'instances' };
    return withWorkBar(facts, work, watched => TiledNetwork.of(tiles, watched));
  }

  /** One instance of x by itself, as the model takes it; the caller disposes it. */
  instance(index: number): Tensor {
    return this.part({ begin: index, instances: 1 });
  }

  /** @throws ModelChangedError */
  assertCurrent(): void {
    assertCurrent(this.compiled);
  }

  /** F(x) by the model itself, all instances one after the other in one axis. The caller disposes it. @throws ModelChangedError */
  async reference(): Promise<Tensor> {
    const outputs: Tensor[] = [];
    try {
      for (const slice of this.slices) {
        const part = this.part(slice);
        try {
          outputs.push(await slice.compiled.reference(part));
        } finally {
          part.dispose();
        }
      }
      return tf.tidy(() => tf.concat(outputs.map(output => output.flatten())));
    } finally {
      tf.dispose(outputs);
    }
  }

  /** x as it was given, in this shape; the caller disposes it. */
  input(shape: number[]): Tensor {
    return this.x.reshape(shape);
  }

  dispose(): void {
    this.x.dispose();
  }

  private part({ begin, instances }: Pick<Slice, 'begin' | 'instances'>): Tensor {
    const { shape } = this.x;
    if (this.slices.length === 1 && instances === this.slices[0].instances) return this.x.clone();
    return this.x.slice([begin, ...shape.slice(1).map(() => 0)], [instances, ...shape.slice(1)]);
  }
}

/** @throws ModelChangedError */
function assertCurrent({ isStale, isDisposed }: Compiled): void {
  if (isStale) throw new ModelChangedError(isDisposed ? 'disposed' : 'changed');
}
