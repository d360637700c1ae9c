import * as tf from '@tensorflow/tfjs';

/** Stages of MobileNetV2 (arXiv 1801.04381): expansion, channels, blocks, and the stride of the first block. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** MobileNetV2 with random weights, the same in every run, and logits at its end. */
export function mobilenetV2(side = 224, classes = 1000): tf.LayersModel {
  let seed = 0;
  const next = () => ({ seed: ++seed });
  const initialized = () => tf.initializers.heNormal(next());
  const input = tf.input({ shape: [side, side, 3] });
  const normalized = (x: tf.SymbolicTensor, isRectified: boolean) => {
    const betaInitializer = tf.initializers.randomNormal({ stddev: 0.1, ...next() });
    const y = tf.layers.batchNormalization({ betaInitializer }).apply(x) as tf.SymbolicTensor;
    return isRectified ? (tf.layers.reLU({ maxValue: 6 }).apply(y) as tf.SymbolicTensor) : y;
  };
  const convolved = (
    x: tf.SymbolicTensor,
    filters: number,
    { kernelSize = 1, strides = 1, isRectified = true },
  ) =>
    normalized(
      tf.layers
        .conv2d({
          filters,
          kernelSize,
          strides,
          padding: 'same',
          useBias: false,
          kernelInitializer: initialized(),
        })
        .apply(x) as tf.SymbolicTensor,
      isRectified,
    );
  const block = (x: tf.SymbolicTensor, expansion: number, filters: number, strides: number) => {
    const channels = x.shape[3]!;
    const wide = expansion === 1 ? x : convolved(x, expansion * channels, {});
    const depthwise = tf.layers.depthwiseConv2d({
      kernelSize: 3,
      strides,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: initialized(),
    });
    const moved = normalized(depthwise.apply(wide) as tf.SymbolicTensor, true);
    const narrow = convolved(moved, filters, { isRectified: false });
    if (strides !== 1 || channels !== filters) return narrow;
    return tf.layers.add().apply([x, narrow]) as tf.SymbolicTensor;
  };
  let x = convolved(input, 32, { kernelSize: 3, strides: 2 });
  for (const [expansion, filters, blocks, stride] of STAGES)
    for (let i = 0; i < blocks; i++) x = block(x, expansion, filters, i === 0 ? stride : 1);
  const pooled = tf.layers.globalAveragePooling2d({}).apply(convolved(x, 1280, {})) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: classes, kernelInitializer: initialized() });
  return tf.model({ inputs: input, outputs: logits.apply(pooled) as tf.SymbolicTensor });
}
