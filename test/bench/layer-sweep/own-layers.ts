import * as tf from '@tensorflow/tfjs';

const INNER = {
  dropout: () => tf.layers.dropout({ rate: 0.5 }),
  alphaDropout: () => tf.layers.alphaDropout({ rate: 0.5 }),
  gaussianDropout: () => tf.layers.gaussianDropout({ rate: 0.5 }),
  gaussianNoise: () => tf.layers.gaussianNoise({ stddev: 0.5 }),
};

const firstOf = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(inputs) ? inputs[0] : inputs);

/** A layer of TensorFlow.js that draws at random although the model is not in training. */
export class ForcedDropout extends tf.layers.Layer {
  static className = 'ForcedDropout';
  private readonly inner: tf.layers.Layer;

  constructor(noise: keyof typeof INNER) {
    super({});
    this.inner = INNER[noise]();
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return this.inner.call(firstOf(inputs), { training: true });
  }
}

export class UnseededNoise extends tf.layers.Layer {
  static className = 'UnseededNoise';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.dropout(firstOf(inputs), 0.5);
  }
}

export class TwoOutputs extends tf.layers.Layer {
  static className = 'TwoOutputs';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const x = firstOf(inputs);
    return [x.mul(2), x.relu()];
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape[] {
    return [shape, shape];
  }
}
