import { aligned } from '../../page/text-table';
import type { Diagram } from './diagram';

/** The diagram as a text table: each layer with its type, its shape, its parameters, and the layers that feed it. */
export function diagramText({ title, caption, nodes, edges }: Diagram): string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const rows = nodes.map(({ id, name, kind, shape, parameters }) => [
    name,
    kind,
    shape,
    parameters === 0 ? '' : parameters.toLocaleString('en'),
    edges
      .filter(([, to]) => to === id)
      .map(([from]) => names.get(from))
      .join(', '),
  ]);
  return [title, caption, '', ...aligned([['layer', 'type', 'shape', 'parameters', 'from'], ...rows])].join(
    '\n',
  );
}
