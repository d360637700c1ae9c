import type { OnnxNode } from './graph';

/** The modules around a node by their paths, outermost first, and the operation at the end: '', 'layer1', 'layer1.0', 'add'. */
type Scopes = readonly string[];

/**
 * What people call the layer of each node. PyTorch's exporter keeps the path of the module in the metadata, its older exporter and
 * those of TensorFlow in the node's name: `layer1.0.bn1`; work that a module does itself, beside its submodules, has the name of the
 * operation as well: `layer1.0.add`. Otherwise it is the node's own name, or that of its first output.
 */
export function layerNames(nodes: readonly OnnxNode[]): ReadonlyMap<OnnxNode, string> {
  const shared = sharedScopes(nodes.map(({ proto }) => keptScopes(proto.name)));
  const scopes = new Map(nodes.map(node => [node, scopesOf(node, shared)]));
  const outer = new Set([...scopes.values()].flatMap(path => ancestorsOf(path ?? [])));
  const named = nodes.map(node => {
    const scope = scopes.get(node);
    return [node, scope === undefined ? node.label : layerOf(scope, outer)] as const;
  });
  return new Map(named);
}

/** @param shared how many scopes of TensorFlow surround all nodes. @returns undefined if nothing tells the modules. */
function scopesOf({ proto }: OnnxNode, shared: number): Scopes | undefined {
  const told = (key: string) => proto.metadataProps.find(entry => entry.key === key)?.value;
  const list = textsOf(told('pkg.torch.onnx.name_scopes'));
  if (list !== undefined) return list;
  const namespace = told('namespace');
  const parts = namespace?.split('/').map(part => part.split(': ')[0]);
  if (parts !== undefined && parts.length > 1) return parts;
  return torchScopes(proto.name) ?? tensorFlowScopes(proto.name, shared);
}

/** The texts of a list as Python prints it: "['', 'layer1', 'conv']". */
function textsOf(list: string | undefined): string[] | undefined {
  if (list === undefined || !/^\s*\[.*\]\s*$/s.test(list)) return undefined;
  const texts = [...list.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, a, b]) => a ?? b);
  return texts.length > 0 ? texts : undefined;
}

/**
 * The scopes in a name by PyTorch's older exporter. A submodule of a sequence or list repeats the name of that one:
 * '/layer1/layer1.0/conv1/Conv' is in the module layer1.0.conv1.
 */
function torchScopes(name: string): Scopes | undefined {
  if (!/^(\/[^/]+)+$/.test(name)) return undefined;
  const parts = name.slice(1).split('/');
  const modules = [''];
  let outer = '';
  for (const [i, part] of parts.slice(0, -1).entries()) {
    if (i > 0 && !part.startsWith(`${parts[i - 1]}.`)) outer = `${modules[i]}.`;
    modules.push(outer + part);
  }
  return [...modules, parts.at(-1)!];
}

/** The scopes in a name by tf2onnx or Keras, without the model around all of them: 'sequential/dense/MatMul' is in the layer dense. */
function tensorFlowScopes(name: string, shared: number): Scopes | undefined {
  const parts = keptScopes(name).slice(shared);
  if (parts.length < 2) return undefined;
  return ['', ...parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('.')), parts.at(-1)!];
}

/** The parts of a name by TensorFlow, without the calls of a saved model; none if the name is of another kind. */
const keptScopes = (name: string): string[] =>
  /^[^/]+(\/[^/]+)+$/.test(name)
    ? name.replace(/^((Stateful)?PartitionedCall(_\d+)?\/)+/, '').split('/')
    : [];

/** How many leading scopes all names have in common, where each keeps a layer and an operation. */
function sharedScopes(names: readonly string[][]): number {
  const scoped = names.filter(parts => parts.length > 1);
  const [first = []] = scoped;
  return scoped.reduce((shared, parts) => {
    const differs = parts.findIndex((part, i) => part !== first[i]);
    return Math.max(0, Math.min(shared, parts.length - 2, differs < 0 ? shared : differs));
  }, first.length);
}

/** The modules that hold other modules. */
const ancestorsOf = (path: Scopes): Scopes => path.slice(0, -2);

function layerOf(path: Scopes, outer: ReadonlySet<string>): string {
  const operation = path.at(-1)!;
  const module = path.length > 1 ? path.at(-2)! : '';
  if (module === '') return operation;
  return outer.has(module) ? `${module}.${operation}` : module;
}
