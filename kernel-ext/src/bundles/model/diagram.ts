/** What a layer or an operation is for. Each family has a color. */
export type Family =
  'input' | 'weights' | 'pooling' | 'normalization' | 'activation' | 'merge' | 'other' | 'model';

/** A layer of a model, or an operation of a graph model. */
export interface DiagramNode {
  /** Unique within the diagram. */
  id: string;
  name: string;
  /** Its class or operation, with its most important settings: 'Conv2D 3 × 3, relu'. */
  kind: string;
  family: Family;
  /** Shapes of its outputs without the batch axis, such as '28 × 28 × 1'. Empty if they are unknown before the model runs. */
  shape: string;
  /** Number of its weights. */
  parameters: number;
}

/** The layers of a model and which feeds which. */
export interface Diagram {
  title: string;
  caption: string;
  nodes: readonly DiagramNode[];
  /** By the ids of the nodes. */
  edges: readonly (readonly [from: string, to: string])[];
}

/** Options for the diagram of a model. */
export interface ModelView {
  title?: string;
  /** One sentence below the title. Default: the number of layers and of parameters. */
  caption?: string;
}

/** A shape in words, such as '28 × 28 × 1', with a question mark for an unknown size; '' for a scalar. */
export function shapeText(shape: readonly (number | null)[]): string {
  return shape.map(size => (size === null || size < 0 ? '?' : size.toLocaleString('en'))).join(' × ');
}

export const countText = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
