import { create } from '@bufbuild/protobuf';
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import type { OnnxGraph } from '../onnx-file/graph';
import { fromOnnx } from '../onnx-file/numbers';
import { NodeProtoSchema } from '../onnx-file/onnx_pb';
import type { OnnxFile } from '../onnx-file/onnx-file';
import { branchOf } from '../onnx-file/spliced';
import { activityOf, openIfs } from './onnx-activity';

/**
 * The graph of a file with the branches that it takes in place of each If between x and F(x). Conditions that depend on x are left
 * as they are.
 * @param inputs the names of the inputs that move.
 * @throws OnnxError
 */
export async function splicedGraph(
  file: OnnxFile,
  feeds: Readonly<Record<string, OnnxTensor>>,
  inputs: readonly string[],
): Promise<OnnxGraph> {
  let { graph } = file;
  for (let ifs = openIfs(activityOf(graph, inputs)); ifs.length > 0;) {
    const conditions = await conditionsOf(
      file,
      graph,
      feeds,
      ifs.map(({ proto }) => proto.input[0]),
    );
    const branches = new Map(ifs.map((node, i) => [node, branchOf(node, conditions[i], file.writeOut)]));
    const taken = ifs.map(({ label }, i) => `${label}:${conditions[i]}`);
    graph = file.graphOf(
      graph.nodes.flatMap(node => branches.get(node)?.nodes ?? [node]),
      [...graph.weights, ...[...branches.values()].flatMap(({ weights }) => weights)],
      [graph.choices, ...taken].join(),
    );
    ifs = openIfs(activityOf(graph, inputs));
  }
  return graph;
}

async function conditionsOf(
  file: OnnxFile,
  graph: OnnxGraph,
  feeds: Readonly<Record<string, OnnxTensor>>,
  names: readonly string[],
): Promise<boolean[]> {
  // Copies, since a condition may be an input or a weight.
  const copies = names.map((_, i) => `piecewise condition ${i}`);
  const nodes = names.map((name, i) =>
    create(NodeProtoSchema, { opType: 'Identity', input: [name], output: [copies[i]] }),
  );
  const session = file.compiled(graph, { nodes, outputs: copies }, false);
  try {
    const results = await file.run(session, feeds, copies);
    return copies.map(copy => fromOnnx(results[copy])?.values[0] === 1);
  } finally {
    session.release();
  }
}
