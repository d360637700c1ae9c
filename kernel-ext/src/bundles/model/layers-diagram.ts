import type { LayersModel, layers } from '@tensorflow/tfjs';
import { NotPlottableError } from '../../display/errors';
import { countText, type Diagram, type DiagramNode, type Family, type ModelView, shapeText } from './diagram';

type Layer = layers.Layer;
type Shape = readonly (number | null)[];

/** Parts of the class names of layers, each with the family that it indicates. The first match counts. */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^Input/, 'input'],
  [/Pool/, 'pooling'],
  [/Norm|Dropout|Noise/, 'normalization'],
  [/Activation|ReLU|Softmax|ELU/, 'activation'],
  [/^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot)$/, 'merge'],
  [/^(Functional|Sequential|Model)$/, 'model'],
];

/**
 * The layers of a model. A model within the model is one node.
 * @throws {NotPlottableError} if the model has no layers yet
 */
export function layersDiagram(model: LayersModel, view: ModelView): Diagram {
  if (!model.outputs?.length)
    throw new NotPlottableError(`the model '${model.name}', which has no layers yet,`);
  const chain = edgesOf(model);
  const inputs = model.layers.some(isInput)
    ? []
    : model.inputs.map(input => inputNode(input.name, input.shape));
  const first = model.layers[0].name;
  const nodes = [...inputs, ...model.layers.map(nodeOf)];
  return {
    title: view.title ?? model.name,
    caption:
      view.caption ??
      `${countText(model.layers.filter(layer => !isInput(layer)).length, 'layer')}, ${countText(model.countParams(), 'parameter')}`,
    nodes,
    edges: [...inputs.map(({ id }) => [id, first] as const), ...chain],
  };
}

/** A sequential model is a chain. In other models, each layer knows what it was applied to. */
function edgesOf(model: LayersModel): [string, string][] {
  if (model.getClassName() === 'Sequential')
    return model.layers.slice(1).map((layer, i) => [model.layers[i].name, layer.name]);
  const own = new Set(model.layers.map(({ name }) => name));
  const { containerNodes } = model as LayersModel & { containerNodes?: ReadonlySet<string> };
  const edges = new Map<string, [string, string]>();
  for (const layer of model.layers) {
    layer.inboundNodes.forEach(({ inboundLayers }, i) => {
      // A layer may also have been applied in other models.
      if (containerNodes && !containerNodes.has(`${layer.name}_ib-${i}`)) return;
      for (const { name } of inboundLayers)
        if (own.has(name)) edges.set(`${name} ${layer.name}`, [name, layer.name]);
    });
  }
  return [...edges.values()];
}

function nodeOf(layer: Layer): DiagramNode {
  const kind = layer.getClassName();
  const details = detailsOf(layer);
  return {
    id: layer.name,
    name: layer.name,
    kind: [kind, ...details].join(', ').replace(', ', details[0]?.includes('×') ? ' ' : ', '),
    family:
      FAMILIES.find(([pattern]) => pattern.test(kind))?.[1] ??
      (layer.countParams() > 0 ? 'weights' : 'other'),
    shape: outputShapes(layer).map(withoutInstances).map(shapeText).join(' and '),
    parameters: layer.countParams(),
  };
}

const inputNode = (name: string, shape: Shape): DiagramNode => ({
  id: `input ${name}`,
  name,
  kind: 'Input',
  family: 'input',
  shape: shapeText(withoutInstances(shape)),
  parameters: 0,
});

/** The settings that set a layer apart from others of its class. */
function detailsOf(layer: Layer): string[] {
  if ('layers' in layer) return [countText((layer.layers as Layer[]).length, 'layer')];
  const config = configOf(layer);
  const size = config.kernelSize ?? config.poolSize ?? config.size;
  const details = [sizeText(size)];
  const strides = sizeText(config.strides);
  if (strides && !/^1( × 1)*$/.test(strides) && strides !== details[0]) details.push(`stride ${strides}`);
  if (typeof config.rate === 'number') details.push(String(config.rate));
  if (typeof config.activation === 'string' && config.activation !== 'linear')
    details.push(config.activation);
  return details.filter(detail => detail !== '');
}

/** A custom layer may not report its settings. */
function configOf(layer: Layer): Record<string, unknown> {
  try {
    return layer.getConfig();
  } catch {
    return {};
  }
}

const sizeText = (size: unknown): string =>
  [size].flat().every(each => typeof each === 'number') ? [size].flat().join(' × ') : '';

function outputShapes(layer: Layer): Shape[] {
  try {
    const { outputShape } = layer;
    return (outputShape.some(Array.isArray) ? outputShape : [outputShape]) as Shape[];
  } catch {
    return []; // The layer was applied several times, to different shapes.
  }
}

const withoutInstances = (shape: Shape): Shape => shape.slice(1);

const isInput = (layer: Layer): boolean => layer.getClassName() === 'InputLayer';
