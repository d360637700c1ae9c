import * as tf from '@tensorflow/tfjs-node';
import type { NodeProto, TensorProto } from '../../kernel-ext/src/onnx-file/onnx_pb';
import { floats, graph, integers, model, node, value } from '../onnx-file/small-model';

type Layer = tf.layers.Layer;

interface Config {
  activation?: string;
  epsilon?: number;
  kernelSize?: number[];
  maxValue?: number | null;
  padding?: 'same' | 'valid' | number[][];
  poolSize?: number[];
  strides?: number[];
}

/**
 * A layers model as an ONNX file in the form of PyTorch's exporter: channels first, padding by side, normalization as a node of its
 * own. Its input is x, with the first axis free.
 */
export async function onnxOfLayers(network: tf.LayersModel): Promise<Uint8Array> {
  const writer = new LayerWriter();
  for (const layer of network.layers) await writer.write(layer);
  const [input] = network.inputs;
  const [output] = network.outputs;
  return model(
    graph({
      nodes: writer.nodes,
      inputs: [value('x', ['N', ...channelsFirst(input.shape.slice(1) as number[])])],
      outputs: [value(writer.nameOf(output), ['N', output.shape[1]!])],
      weights: writer.weights,
    }),
  );
}

/** The axes of an image with its channels first; other axes stay. */
const channelsFirst = (shape: number[]): number[] =>
  shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;

class LayerWriter {
  readonly nodes: NodeProto[] = [];
  readonly weights: TensorProto[] = [];
  /** What the last node of each layer is called. */
  private readonly names = new Map<string, string>();

  nameOf({ sourceLayer }: tf.SymbolicTensor): string {
    return this.names.get(sourceLayer.name) ?? 'x';
  }

  async write(layer: Layer): Promise<void> {
    const { name } = layer;
    const inputs = layer.inboundNodes[0]?.inputTensors ?? [];
    const [from] = inputs.map(input => this.nameOf(input));
    if (layer.getClassName() === 'InputLayer') return;
    const written = await this.written(layer, inputs, from);
    const { activation } = layer.getConfig() as Config;
    const functions: Record<string, string> = { relu: 'Relu', softmax: 'Softmax' };
    const operator = functions[activation ?? ''];
    this.names.set(name, operator === undefined ? written : this.node(operator, `${name}.act`, [written]));
  }

  /** @returns the name of what a layer gives before its activation. */
  private async written(layer: Layer, inputs: tf.SymbolicTensor[], from: string): Promise<string> {
    const { name } = layer;
    const config = layer.getConfig() as Config;
    switch (layer.getClassName()) {
      case 'Conv2D':
        return this.convolution(layer, inputs[0], await this.weight(layer, 0, [3, 2, 0, 1]), 1);
      case 'DepthwiseConv2D': {
        const filter = await this.weight(layer, 0, [2, 3, 0, 1]);
        return this.convolution(layer, inputs[0], filter, inputs[0].shape[3]!);
      }
      case 'Dense': {
        const bias = layer.weights.length > 1 ? [await this.weight(layer, 1)] : [];
        return this.node('Gemm', name, [from, await this.weight(layer, 0), ...bias]);
      }
      case 'BatchNormalization': {
        const parameters: string[] = [];
        for (let i = 0; i < 4; i++) parameters.push(await this.weight(layer, i));
        return this.node('BatchNormalization', name, [from, ...parameters], { 'epsilon:f': config.epsilon! });
      }
      case 'ReLU':
        return (config.maxValue ?? Infinity) === Infinity
          ? this.node('Relu', name, [from])
          : this.node('Clip', name, [from, this.number(name, 0), this.number(name, config.maxValue!)]);
      case 'MaxPooling2D':
      case 'AveragePooling2D': {
        const geometry = { kernel_shape: config.poolSize!, strides: config.strides! };
        return this.node(layer.getClassName().replace('ing2D', ''), name, [from], geometry);
      }
      case 'GlobalAveragePooling2D':
        return this.node('Flatten', name, [this.node('GlobalAveragePool', `${name}.mean`, [from])]);
      case 'Flatten': {
        const isImage = inputs[0].shape.length === 4;
        const last = () => this.node('Transpose', `${name}.last`, [from], { perm: [0, 2, 3, 1] });
        return this.node('Flatten', name, [isImage ? last() : from]);
      }
      case 'ZeroPadding2D': {
        const [[top, bottom], [left, right]] = config.padding as number[][];
        this.weights.push(integers(`${name}.sides`, [0, 0, top, left, 0, 0, bottom, right]));
        return this.node('Pad', name, [from, `${name}.sides`]);
      }
      case 'Add':
        return this.node(
          'Add',
          name,
          inputs.map(input => this.nameOf(input)),
        );
      case 'Dropout':
        return from;
      default:
        throw new Error(`no ONNX operator is known for the layer ${name} (${layer.getClassName()})`);
    }
  }

  private async convolution(
    layer: Layer,
    input: tf.SymbolicTensor,
    filter: string,
    group: number,
  ): Promise<string> {
    const { padding, kernelSize, strides } = layer.getConfig() as Required<Config>;
    const sides = [1, 2].map(axis => {
      const length = input.shape[axis]!;
      const reach = (Math.ceil(length / strides[axis - 1]) - 1) * strides[axis - 1] + kernelSize[axis - 1];
      const missing = padding === 'same' ? Math.max(0, reach - length) : 0;
      return [Math.floor(missing / 2), Math.ceil(missing / 2)];
    });
    const pads = [0, 1].flatMap(side => sides.map(pair => pair[side]));
    const bias = layer.weights.length > 1 ? [await this.weight(layer, 1)] : [];
    const attributes = { kernel_shape: kernelSize, strides, pads, group };
    return this.node('Conv', layer.name, [this.nameOf(input), filter, ...bias], attributes);
  }

  /** @param permutation of the axes; those of a depthwise filter [C, m, h, w] become [C·m, 1, h, w]. */
  private async weight(layer: Layer, index: number, permutation?: number[]): Promise<string> {
    const name = `${layer.name}.${index}`;
    const tensor = layer.getWeights()[index];
    const ordered = permutation === undefined ? tensor.clone() : tensor.transpose(permutation);
    const [a, b, ...rest] = ordered.shape;
    const isDepthwise = permutation?.[0] === 2;
    const shape = isDepthwise ? [a * b, 1, ...rest] : ordered.shape;
    this.weights.push(floats(name, shape, (await ordered.data()) as unknown as number[]));
    ordered.dispose();
    return name;
  }

  private number(layer: string, of: number): string {
    const name = `${layer}.${of}`;
    this.weights.push(floats(name, [], [of]));
    return name;
  }

  private node(
    operator: string,
    name: string,
    input: string[],
    attributes: Record<string, number | number[]> = {},
  ): string {
    this.nodes.push(node(operator, input, [name], attributes, { name }));
    return name;
  }
}
