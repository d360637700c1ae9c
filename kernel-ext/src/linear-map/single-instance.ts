import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { FrozenNetwork } from './frozen-network';

/** One instance by itself, and the network frozen at it. It owns both. */
export class SingleInstance {
  /** @param x the instance in the shape that the model takes. */
  constructor(
    readonly network: FrozenNetwork,
    readonly x: Tensor,
    /** Which axis of what W acts on holds the channels. */
    readonly channelAxis: number,
  ) {}

  dispose(): void {
    this.network.dispose();
    tf.dispose(this.x);
  }
}
