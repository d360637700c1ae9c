import type { SymbolicTensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';

/** Symbolic layers whose weights depend only on the order in which they are created. */
export class Layers {
  private seed = 0;

  dense(x: SymbolicTensor, units: number, activation?: 'relu'): SymbolicTensor {
    return apply(
      tf.layers.dense({
        units,
        activation,
        kernelInitializer: this.kernel(),
        biasInitializer: this.small(),
      }),
      x,
    );
  }

  /** Convolution 'same' with bias. */
  convolution(
    x: SymbolicTensor,
    filters: number,
    kernelSize: number,
    options: { activation?: 'relu'; strides?: number } = {},
  ): SymbolicTensor {
    return apply(
      tf.layers.conv2d({
        filters,
        kernelSize,
        padding: 'same',
        ...options,
        kernelInitializer: this.kernel(),
        biasInitializer: this.small(),
      }),
      x,
    );
  }

  /** Convolution without bias, then batch normalization with nontrivial statistics. */
  normalizedConvolution(x: SymbolicTensor, filters: number, kernelSize: number, strides = 1): SymbolicTensor {
    const convolved = tf.layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: this.kernel(),
    });
    const normalized = tf.layers.batchNormalization({
      betaInitializer: this.small(),
      movingMeanInitializer: this.small(),
      gammaInitializer: this.around(1),
      movingVarianceInitializer: this.around(1),
    });
    return apply(normalized, apply(convolved, x));
  }

  relu(x: SymbolicTensor): SymbolicTensor {
    return apply(tf.layers.reLU(), x);
  }

  maxPool(x: SymbolicTensor): SymbolicTensor {
    return apply(tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }), x);
  }

  averageAll(x: SymbolicTensor): SymbolicTensor {
    return apply(tf.layers.globalAveragePooling2d({}), x);
  }

  flatten(x: SymbolicTensor): SymbolicTensor {
    return apply(tf.layers.flatten(), x);
  }

  sum(a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor {
    return tf.layers.add().apply([a, b]) as SymbolicTensor;
  }

  /** He's initialization, which keeps activations of ReLU networks at unit size. */
  private kernel() {
    return tf.initializers.heNormal({ seed: ++this.seed });
  }

  private small() {
    return tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed: ++this.seed });
  }

  private around(center: number) {
    return tf.initializers.randomUniform({ minval: center - 0.2, maxval: center + 0.2, seed: ++this.seed });
  }
}

const apply = (layer: tf.layers.Layer, x: SymbolicTensor) => layer.apply(x) as SymbolicTensor;
