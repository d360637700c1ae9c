import { OnnxError } from '../errors';
import { graphsOf, labelOf, type OnnxNode, type Opset } from './graph';
import {
  type AttributeProto,
  type FunctionProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
} from './onnx_pb';
import { renamed } from './renamed';
import { shallowCopy } from './shallow-copy';

/** Functions within functions beyond this call themselves. */
const DEEPEST = 32;
/** A few functions that call one another twice each would be billions of nodes; no network has as many as this. */
const MOST_CALLS = 50_000;

/** The default domain has two names. */
export const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** The version of each domain. */
export function versionsOf(imports: readonly OperatorSetIdProto[]): ReadonlyMap<string, number> {
  return new Map(imports.map(({ domain, version }) => [domainOf(domain), Number(version)]));
}

/** A node by itself. */
function nodeOf(proto: NodeProto, versions: ReadonlyMap<string, number>): OnnxNode {
  const domain = domainOf(proto.domain);
  const opset: Opset = { domain, version: versions.get(domain) ?? 0 };
  return { proto, opset, label: labelOf(proto) };
}

/** Puts the bodies of a model's own functions in place of their calls. @throws OnnxError as `functionWriter` states */
export type WriteOut = (nodes: readonly NodeProto[]) => OnnxNode[];

/**
 * How the nodes of a model are written out. What it gives throws an OnnxError for a function that calls itself, or speaks another
 * version of ONNX than the model.
 */
export function functionWriter(model: ModelProto, file: string): WriteOut {
  const functions = new Map(
    model.functions.map(body => [keyOf(body.domain, body.name, body.overload), body]),
  );
  const versions = versionsOf(model.opsetImport);
  let calls = 0;
  const write = (proto: NodeProto, depth: number): OnnxNode[] => {
    const node = nodeOf(proto, versions);
    const body = functions.get(keyOf(proto.domain, proto.opType, proto.overload));
    if (body === undefined) return [node];
    const refuse = (reason: string) =>
      new OnnxError(file, reason, { node: node.label, operator: proto.opType });
    if (depth > DEEPEST) throw refuse('the function calls itself');
    if (calls >= MOST_CALLS)
      throw new OnnxError(
        file,
        `its functions call one another more than ${MOST_CALLS} times. Export it without functions`,
      );
    for (const [domain, version] of versionsOf(body.opsetImport))
      if ((versions.get(domain) ?? version) !== version)
        throw refuse(
          `the function is written in version ${version} of '${domain || 'ai.onnx'}', and the model in version ` +
            `${versions.get(domain)}. Export it with a single opset`,
        );
    return bodyOf(body, proto, `${node.label}/${calls++}/`).flatMap(inner => write(inner, depth + 1));
  };
  return nodes => nodes.flatMap(proto => write(proto, 0));
}

const keyOf = (...parts: string[]) => JSON.stringify(parts);

/** The nodes of a function as one call runs them. */
function bodyOf(body: FunctionProto, call: NodeProto, prefix: string): NodeProto[] {
  const names = new Map([
    ...body.input.map((formal, i) => [formal, call.input[i] ?? ''] as const),
    ...body.output.map((formal, i) => [formal, call.output[i] || prefix + formal] as const),
  ]);
  const given = new Map([...body.attributeProto, ...call.attribute].map(one => [one.name, one]));
  return body.node.map(node => {
    const copy = renamed(node, value => names.get(value) ?? prefix + value, prefix);
    setAttributes(copy, given);
    if (copy.metadataProps.length === 0) copy.metadataProps = call.metadataProps;
    return copy;
  });
}

/** Replaces attributes that refer to those of the function by what the call gives; one that it does not give is left out. */
function setAttributes(node: NodeProto, given: ReadonlyMap<string, AttributeProto>): void {
  node.attribute = node.attribute.flatMap(attribute => {
    if (attribute.refAttrName === '') return [attribute];
    const value = given.get(attribute.refAttrName);
    return value === undefined ? [] : [shallowCopy(value, { name: attribute.name })];
  });
  for (const graph of graphsOf(node)) for (const inner of graph.node) setAttributes(inner, given);
}
