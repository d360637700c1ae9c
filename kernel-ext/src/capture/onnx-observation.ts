import { create } from '@bufbuild/protobuf';
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import { OnnxError } from '../errors';
import type { OnnxGraph, OnnxNode } from '../onnx-file/graph';
import { fromOnnx, type OnnxNumbers } from '../onnx-file/numbers';
import { NodeProtoSchema } from '../onnx-file/onnx_pb';
import type { OnnxFile } from '../onnx-file/onnx-file';
import type { Activity } from './onnx-activity';
import type { Constant } from './kernel-call';

/** What one run of onnxruntime tells about a graph. */
export interface Observation {
  /** The shapes of the values that move. */
  shapes: ReadonlyMap<string, number[]>;
  /** The types of the values that move, as far as onnxruntime can tell. */
  types: ReadonlyMap<string, string>;
  /** What moving nodes read and does not move. */
  constants: ReadonlyMap<string, Constant>;
}

/** The constants of a file, which are the same for each x. */
const weightsOf = new WeakMap<OnnxFile, Map<string, Constant>>();

/**
 * Runs a graph once, with the shape of each value that moves and each constant that a moving node reads as further outputs.
 * @throws OnnxError, also for a constant that has NaN
 */
export async function observe(
  file: OnnxFile,
  graph: OnnxGraph,
  feeds: Readonly<Record<string, OnnxTensor>>,
  activity: Activity,
): Promise<Observation> {
  const known = weightsOf.get(file) ?? new Map<string, Constant>();
  weightsOf.set(file, known);
  const moving = [...activity.values].filter(name => !activity.lists.has(name));
  const readers = constantsOf(activity);
  const unknown = [...readers.keys()].filter(name => !known.has(name));
  const shapes = moving.map((name, i) => ({ name, output: `piecewise shape ${i}`, opType: 'Shape' }));
  // Copies, since a constant may be an input or a weight.
  const copies = unknown.map((name, i) => ({ name, output: `piecewise constant ${i}`, opType: 'Identity' }));
  const nodes = [...shapes, ...copies].map(({ name, output, opType }) =>
    create(NodeProtoSchema, { opType, input: [name], output: [output] }),
  );
  const fetched = [...shapes, ...copies].map(({ output }) => output);
  const typed = moving.filter(name => !graph.inputs.includes(name) && !graph.outputs.includes(name));
  const session = file.compiled(graph, { nodes, outputs: [...fetched, ...typed] }, false);
  try {
    const results = await file.run(session, feeds, fetched);
    const { inputMetadata, outputMetadata } = await file.typesOf(session);
    const constants = new Map(known);
    for (const { name, output } of copies) {
      const constant = constantOf(file, name, fromOnnx(results[output]), readers.get(name)!);
      constants.set(name, constant);
      if (graph.initializers.has(name) && file.graph.initializers.has(name)) known.set(name, constant);
    }
    return {
      shapes: new Map(shapes.map(({ name, output }) => [name, lengths(results[output])])),
      types: new Map(
        [...inputMetadata, ...outputMetadata].flatMap(value =>
          value.isTensor ? [[value.name, value.type] as const] : [],
        ),
      ),
      constants,
    };
  } finally {
    session.release();
  }
}

/** The values that moving nodes read and that do not move, each with the first node that reads it. */
function constantsOf({ values, nodes }: Activity): Map<string, OnnxNode> {
  const readers = new Map<string, OnnxNode>();
  for (const node of nodes)
    for (const name of node.proto.input)
      if (name !== '' && !values.has(name) && !readers.has(name)) readers.set(name, node);
  return readers;
}

const lengths = ({ data }: OnnxTensor): number[] => Array.from(data as BigInt64Array, Number);

/** @throws OnnxError */
function constantOf(
  file: OnnxFile,
  name: string,
  numbers: OnnxNumbers | null,
  { label, proto }: OnnxNode,
): Constant {
  const refuse = (reason: string) =>
    new OnnxError(file.name, reason, { node: label, operator: proto.opType });
  if (numbers === null) throw refuse(`it reads '${name}', which is not an array of numbers`);
  const { values, shape, integers } = numbers;
  const index = firstNaN(values);
  if (index >= 0)
    throw refuse(
      `it reads '${name}', which is NaN at ${index}. The weights have diverged: train with a smaller learning rate`,
    );
  return { values, shape, ...(integers === undefined ? {} : { integers }) };
}

/** -1 where there is none. A callback for each of many millions of weights would take longer than all else here. */
function firstNaN(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return i;
  return -1;
}
