import { sizeOf, type Shape } from '../plan/graph';

/** The shape of one instance's share of an activation: without the axis of instances, if it has one. */
export function instanceShapeOf(shape: Shape, instances: number): Shape {
  if (shape[0] === instances) return shape.slice(1);
  return instances === 1 ? shape : [sizeOf(shape) / instances];
}
