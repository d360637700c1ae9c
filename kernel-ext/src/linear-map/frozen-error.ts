import { blocksOf } from '../plan/programs';
import type { LinearMap } from './linear-map';
import { partOf, type Work } from './work';
import { withWorkBar } from './work-bar';

/** How far the map that a policy froze is from the Jacobian of F at the same x. */
export interface FrozenError {
  /** ‖W − J‖ / ‖J‖ over all numbers (Frobenius norm); 0 if they are equal. */
  relative: number;
  /** The same for each output, [C]; for a batch, over all its instances. */
  byOutput: Float64Array;
  /** The cosine between W_c and J_c for each output, [C]; 1 if they point in the same direction. */
  cosine: Float64Array;
}

/** Rows that are compared at once. */
const ROWS = 16;

/** @param frozen, jacobian maps of one shape at the same x. @throws DisposedError, AbortError */
export function frozenError(frozen: LinearMap, jacobian: LinearMap, work: Work): Promise<FrozenError> {
  const facts = { label: 'Frozen error', total: frozen.shape[0], unit: 'rows' };
  return withWorkBar(facts, work, watched => compared(frozen, jacobian, watched));
}

async function compared(frozen: LinearMap, jacobian: LinearMap, work: Work): Promise<FrozenError> {
  const [outputs] = frozen.shape;
  const [own, right, both] = [0, 1, 2].map(() => new Float64Array(outputs));
  for (const [begin, length] of blocksOf(outputs, ROWS)) {
    const indices = Array.from({ length }, (_, i) => begin + i);
    const part = partOf(work, begin / outputs, (begin + length) / outputs);
    const w = await rowsOf(frozen, indices, partOf(part, 0, 0.5));
    const j = await rowsOf(jacobian, indices, partOf(part, 0.5, 1));
    w.values.forEach((v, at) => {
      const c = begin + (Math.floor(at / w.size) % length);
      own[c] += v * v;
      right[c] += j.values[at] * j.values[at];
      both[c] += v * j.values[at];
    });
  }
  const off = own.map((square, c) => Math.max(0, square + right[c] - 2 * both[c]));
  const share = (difference: number, whole: number) => (difference === 0 ? 0 : Math.sqrt(difference / whole));
  const total = (squares: Float64Array) => squares.reduce((a, b) => a + b, 0);
  return {
    relative: share(total(off), total(right)),
    byOutput: off.map((square, c) => share(square, right[c])),
    cosine: both.map((product, c) => (product === 0 ? 0 : product / Math.sqrt(own[c] * right[c]))),
  };
}

/** Rows of all instances, [N·R·D], and D. */
async function rowsOf(map: LinearMap, indices: readonly number[], work: Work) {
  const rows = await map.rows(indices, work);
  const values = (await rows.data()) as Float32Array;
  rows.dispose();
  return { values, size: map.shape[1] };
}
