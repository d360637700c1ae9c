import type { OnnxNode } from './graph';

/**
 * What people call the layer of each node. PyTorch's exporter keeps the path of the module in the metadata: `layer1.0.bn1`; work that
 * a module does itself, beside its submodules, has the name of the operation as well: `layer1.0.add`. Otherwise it is the node's own
 * name, or that of its first output.
 */
export function layerNames(nodes: readonly OnnxNode[]): ReadonlyMap<OnnxNode, string> {
  const scopes = new Map(nodes.map(node => [node, scopesOf(node)]));
  const outer = new Set([...scopes.values()].flatMap(path => ancestorsOf(path ?? [])));
  const named = nodes.map(node => {
    const scope = scopes.get(node);
    return [node, scope === undefined ? node.label : layerOf(scope, outer)] as const;
  });
  return new Map(named);
}

/** The modules around a node, outermost first, and the operation at the end; undefined if nothing tells them. */
function scopesOf({ proto }: OnnxNode): readonly string[] | undefined {
  const told = (key: string) => proto.metadataProps.find(entry => entry.key === key)?.value;
  const list = textsOf(told('pkg.torch.onnx.name_scopes'));
  if (list !== undefined) return list;
  const namespace = told('namespace');
  const parts = namespace?.split('/').map(part => part.split(': ')[0]);
  return parts !== undefined && parts.length > 1 ? parts : undefined;
}

/** The texts of a list as Python prints it: "['', 'layer1', 'conv']". */
function textsOf(list: string | undefined): string[] | undefined {
  if (list === undefined || !/^\s*\[.*\]\s*$/s.test(list)) return undefined;
  const texts = [...list.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, a, b]) => a ?? b);
  return texts.length > 0 ? texts : undefined;
}

/** The modules that hold other modules. */
const ancestorsOf = (path: readonly string[]): readonly string[] => path.slice(0, -2);

function layerOf(path: readonly string[], outer: ReadonlySet<string>): string {
  const operation = path.at(-1)!;
  const module = path.length > 1 ? path.at(-2)! : '';
  if (module === '') return operation;
  return outer.has(module) ? `${module}.${operation}` : module;
}
