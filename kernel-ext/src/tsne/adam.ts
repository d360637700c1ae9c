import * as tf from '@tensorflow/tfjs';

/** Adam (Kingma & Ba 2015) with a learning rate that may change from step to step. */
export class Adam extends tf.AdamOptimizer {
  static override readonly className = 'PiecewiseAdam';

  constructor(rate: number) {
    super(rate, 0.9, 0.999);
  }

  set rate(rate: number) {
    this.learningRate = rate;
  }
}
