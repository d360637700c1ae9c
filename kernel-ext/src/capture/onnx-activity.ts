import { attributeOf, type OnnxGraph, type OnnxNode } from '../onnx-file/graph';
import { readsOf } from '../onnx-file/reads-of';

/** Operators that read the shape of a value, and not its numbers. */
const OF_SHAPES = new Set(['Shape', 'Size', 'EyeLike', 'RandomNormalLike', 'RandomUniformLike']);

/** Operators that give lists and dictionaries; from there on nothing is an array of numbers. */
const OF_LISTS = new Set([
  'ZipMap',
  'SequenceConstruct',
  'SequenceInsert',
  'SequenceErase',
  'SplitToSequence',
  'Optional',
]);

/** What moves with x in a graph. */
export interface Activity {
  /** The names of the values that move. */
  values: ReadonlySet<string>;
  nodes: ReadonlySet<OnnxNode>;
  /** The values that move and are no arrays of numbers. */
  lists: ReadonlySet<string>;
}

/** Follows x through a graph: whatever reads the numbers of what moves, moves. */
export function activityOf({ nodes }: OnnxGraph, inputs: readonly string[]): Activity {
  const values = new Set(inputs);
  const active = new Set<OnnxNode>();
  const lists = new Set<string>();
  for (const node of nodes) {
    const { opType, output } = node.proto;
    if (OF_SHAPES.has(opType) || ![...readsOf(node.proto)].some(name => values.has(name))) continue;
    active.add(node);
    // The second output of a dropout is its mask.
    const moving = opType === 'Dropout' ? output.slice(0, 1) : output;
    for (const name of moving) {
      if (name !== '') values.add(name);
      if (OF_LISTS.has(opType)) lists.add(name);
    }
  }
  return { values, nodes: active, lists };
}

/** The Ifs that lie between x and F(x), and whose condition does not depend on x. */
export const openIfs = (activity: Activity): OnnxNode[] =>
  [...activity.nodes].filter(
    ({ proto, opset }) =>
      proto.opType === 'If' &&
      opset.domain === '' &&
      !activity.values.has(proto.input[0]) &&
      attributeOf(proto, 'then_branch')?.g !== undefined &&
      attributeOf(proto, 'else_branch')?.g !== undefined,
  );
