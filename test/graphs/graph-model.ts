import * as tf from '@tensorflow/tfjs';

/** One node of a graph in the form that TensorFlow.js loads. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, unknown>;
}

export const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
export const texts = (...values: string[]) => ({ list: { s: values.map(v => text(v).s) } });
export const integers = (...values: number[]) => ({ list: { i: values.map(String) } });
export const shapeOf = (...dims: number[]) => ({
  shape: { dim: dims.map(size => ({ size: String(size) })) },
});

/** A placeholder `x`. */
export const placeholder = (...dims: number[]): GraphNode => ({
  name: 'x',
  op: 'Placeholder',
  attr: { dtype: { type: 'DT_FLOAT' }, shape: shapeOf(...dims) },
});

/** A GraphModel as the converter writes it: nodes, and constants by name. */
export async function graphModel(
  nodes: GraphNode[],
  constants: Record<string, tf.Tensor> = {},
): Promise<tf.GraphModel> {
  const specs = Object.entries(constants).map(([name, t]) => ({
    name,
    shape: t.shape,
    dtype: t.dtype as 'float32' | 'int32',
  }));
  const weights = Object.values(constants).map(t => Buffer.from(t.dataSync().slice().buffer));
  const stored = Object.entries(constants).map(([name, t]) => ({
    name,
    op: 'Const',
    attr: { dtype: { type: t.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' }, value: { tensor: {} } },
  }));
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: { node: [...stored, ...nodes], versions: {}, library: {} },
      weightSpecs: specs,
      weightData: new Uint8Array(Buffer.concat(weights)).buffer,
      format: 'graph-model',
    }),
  );
}
