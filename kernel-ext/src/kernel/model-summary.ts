import { shapeList } from '../display/shape-list';
import type { Bundle } from '../sink/sink';
import { htmlTable } from './html-table';

interface Layer {
  name: string;
  outputShape: unknown;
  getClassName(): string;
  countParams(): number;
}

interface LayersModel {
  name: string;
  layers: Layer[];
  countParams(): number;
  summary(lineLength: undefined, positions: undefined, print: (line: string) => void): void;
}

interface Port {
  name: string;
  dtype?: string;
  /** As ONNX models call it. */
  type?: string;
  shape?: readonly (number | string | null)[];
}

interface GraphModel {
  inputs: Port[];
  outputs: Port[];
}

/** The layers of a TensorFlow.js model, or the inputs and outputs of a graph or ONNX model, as text and as a table; null if `value` is something else. */
export function modelSummary(value: object): Bundle | null {
  // Recognized by its members, because a notebook may load its own TensorFlow.js.
  const { layers, summary, inputs, outputs, executeAsync, run, isDisposed } = value as Partial<
    LayersModel & GraphModel & { executeAsync: unknown; run: unknown; isDisposed: unknown }
  >;
  if (Array.isArray(layers) && typeof summary === 'function') return summarizeLayers(value as LayersModel);
  if (!Array.isArray(inputs) || !Array.isArray(outputs)) return null;
  if (typeof executeAsync === 'function') return summarizePorts('GraphModel', value as GraphModel);
  const isOnnx = typeof run === 'function' && typeof isDisposed === 'boolean';
  return isOnnx ? summarizePorts('OnnxModel', value as GraphModel) : null;
}

function summarizeLayers(model: LayersModel): Bundle {
  try {
    const lines: string[] = [];
    model.summary(undefined, undefined, line => lines.push(line));
    const rows = model.layers.map(layer => [
      layer.name,
      layer.getClassName(),
      shapeList(layer.outputShape),
      layer.countParams().toLocaleString('en'),
    ]);
    const note = `${model.name}: ${model.countParams().toLocaleString('en')} parameters`;
    const columns = ['layer', 'type', 'output shape', 'parameters'];
    return {
      'text/plain': lines.join('\n'),
      'text/html': htmlTable(columns, rows, { numeric: new Set([3]), note }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { 'text/plain': `${model.name}, ${model.layers.length} layers, without a summary: ${reason}` };
  }
}

function summarizePorts(title: string, { inputs, outputs }: GraphModel): Bundle {
  const rows = (kind: string, ports: Port[]): string[][] =>
    ports.map(({ name, dtype, type, shape }) => [
      kind,
      name,
      dtype ?? type ?? '',
      shapeList(shape) || 'any shape',
    ]);
  const all = [...rows('input', inputs), ...rows('output', outputs)];
  return {
    'text/plain': [title, ...all.map(row => `  ${row.filter(Boolean).join(' ')}`)].join('\n'),
    'text/html': htmlTable([title, 'name', 'type', 'shape'], all),
  };
}
