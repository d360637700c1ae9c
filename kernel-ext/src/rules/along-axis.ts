import type { Fixed, StepWriter, Value } from './rule';

/** v times a matrix [d, o] along one axis. */
export function alongAxis(v: Value, axis: number, matrix: Fixed, write: StepWriter): Value {
  const last = v.shape.length - 1;
  const swap = v.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  const turned = axis === last ? v : write.permute(v, swap);
  const [d, o] = matrix.shape;
  const rows = write.reshape(turned, [turned.shape.reduce((a, b) => a * b, 1) / d, d]);
  const product = write.reshape(write.contract(rows, matrix), [...turned.shape.slice(0, -1), o]);
  return axis === last ? product : write.permute(product, swap);
}
