import { alongAxis } from './along-axis';
import { positiveAxis } from './selection';
import type { Rule, StepWriter, Value } from './rule';

/** Running sums along an axis: a triangular matrix. */
export const cumsum: Rule = {
  kernel: 'Cumsum',
  freeze(call, write) {
    const x = call.value('x');
    const {
      axis = 0,
      exclusive,
      reverse,
    } = call.attrs as { axis?: number; exclusive?: boolean; reverse?: boolean };
    return runningSums(x, positiveAxis(axis, x), { exclusive, reverse }, write);
  },
};

export function runningSums(
  x: Value,
  axis: number,
  { exclusive = false, reverse = false }: { exclusive?: boolean; reverse?: boolean },
  write: StepWriter,
): Value {
  const n = x.shape[axis];
  const matrix = new Float32Array(n * n);
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) {
      const ahead = reverse ? from - to : to - from;
      matrix[from * n + to] = ahead > 0 || (ahead === 0 && !exclusive) ? 1 : 0;
    }
  }
  return alongAxis(x, axis, write.constant(matrix, [n, n]), write);
}
