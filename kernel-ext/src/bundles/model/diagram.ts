/** What a layer or operation is for; each family has a color. */
export type Family =
  'input' | 'weights' | 'pooling' | 'normalization' | 'activation' | 'merge' | 'other' | 'model';

/** A layer of a model, or an operation of a graph. */
export interface DiagramNode {
  /** Different for every node. */
  id: string;
  name: string;
  /** Its class or operation with what sets it apart: 'Conv2D 3 × 3, relu'. */
  kind: string;
  family: Family;
  /** Shapes of its outputs without the axis of instances: '28 × 28 × 1'; empty if they are not known before it runs. */
  shape: string;
  /** How many numbers it has learned. */
  parameters: number;
}

/** The layers of a model and which feeds which. */
export interface Diagram {
  title: string;
  caption: string;
  nodes: readonly DiagramNode[];
  /** From node to node, by id. */
  edges: readonly (readonly [from: string, to: string])[];
}

/** How a model is drawn. */
export interface ModelView {
  title?: string;
  /** One sentence below the title. Default: how many layers and parameters there are. */
  caption?: string;
}

/** A shape as it is read: '28 × 28 × 1', a question mark for what is open; '' for none. */
export function shapeText(shape: readonly (number | null)[]): string {
  return shape.map(size => (size === null || size < 0 ? '?' : size.toLocaleString('en'))).join(' × ');
}

export const countText = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
