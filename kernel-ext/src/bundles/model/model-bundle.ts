import type { GraphModel, LayersModel } from '@tensorflow/tfjs';
import { OnnxModel } from '../../onnx-file/onnx-model';
import type { Bundle } from '../../sink/sink';
import type { Diagram, ModelView } from './diagram';
import { diagramSvg } from './diagram-svg';
import { diagramText } from './diagram-text';
import { graphDiagram } from './graph-diagram';
import { layersDiagram } from './layers-diagram';
import { onnxDiagram } from './onnx-diagram';

/** Checks fields instead of the class, since a notebook may load its own TensorFlow.js. */
export const isLayersModel = (thing: object): thing is LayersModel =>
  'layers' in thing && 'apply' in thing && 'countParams' in thing;

export const isGraphModel = (thing: object): thing is GraphModel =>
  'execute' in thing && 'modelSignature' in thing;

/** A model as a diagram of its layers and as text. @throws {NotPlottableError} if it has no layers yet */
export function modelBundle(model: LayersModel | GraphModel | OnnxModel, view: ModelView = {}): Bundle {
  const diagram = diagramOf(model, view);
  return { 'image/svg+xml': diagramSvg(diagram), 'text/plain': diagramText(diagram) };
}

function diagramOf(model: LayersModel | GraphModel | OnnxModel, view: ModelView): Diagram {
  if (model instanceof OnnxModel) return onnxDiagram(model, view);
  return isLayersModel(model) ? layersDiagram(model, view) : graphDiagram(model, view);
}
