import * as tf from '@tensorflow/tfjs';
import type { Scalar, Variable } from '@tensorflow/tfjs';

const DECAY_1 = 0.9;
const DECAY_2 = 0.999;
const EPSILON = 1e-7;

/** The state of Adam. */
export interface AdamState {
  steps: number;
  /** Running means of the gradients, then of their squares: one array per variable. */
  moments: Float32Array[];
}

/**
 * Adam (Kingma & Ba 2015) with a learning rate that may change from step to step, in one pass over the numbers of each
 * variable, where TensorFlow.js makes a dozen.
 */
export class Adam {
  private state: AdamState = { steps: 0, moments: [] };

  constructor(public rate: number) {}

  /** Takes one step. @returns the loss before it */
  minimize(loss: () => Scalar, variables: Variable[]): number {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      this.descend(
        variables,
        variables.map(({ name }) => grads[name]),
      );
      return value.dataSync()[0];
    });
  }

  save(): AdamState {
    return this.state;
  }

  restore(state: AdamState): void {
    this.state = state;
  }

  private descend(variables: Variable[], gradients: tf.Tensor[]): void {
    const { moments } = this.state;
    if (moments.length === 0)
      moments.push(...[...variables, ...variables].map(v => new Float32Array(v.size)));
    const step = ++this.state.steps;
    const rate = this.rate / (1 - DECAY_1 ** step);
    const scale = 1 / (1 - DECAY_2 ** step);
    variables.forEach((variable, which) => {
      const values = variable.dataSync<'float32'>().slice();
      const gradient = gradients[which].dataSync();
      const [first, second] = [moments[which], moments[variables.length + which]];
      for (let k = 0; k < values.length; k++) {
        const slope = gradient[k];
        first[k] = DECAY_1 * first[k] + (1 - DECAY_1) * slope;
        second[k] = DECAY_2 * second[k] + (1 - DECAY_2) * slope * slope;
        values[k] -= (rate * first[k]) / (Math.sqrt(scale * second[k]) + EPSILON);
      }
      variable.assign(tf.tensor(values, variable.shape));
    });
  }
}
