import type { Integrated, Sampled } from '../../paths/path';
import { plain, scientific, signed } from '../../payload';
import type { DataView } from '../image/data-view';
import { layoutOf } from '../image/layout';

/** Whether a thing is a result of `path.integrated` or `path.sampled`, by its fields. */
export function isSums(thing: object): thing is Integrated | Sampled {
  const { parts, sum } = thing as Partial<Integrated>;
  return (
    typeof sum === 'number' && typeof parts?.data === 'function' && ('change' in thing || 'error' in thing)
  );
}

/** Title and caption that state what the parts sum to; the caller's own take precedence. */
export function sumsView(sums: Integrated | Sampled, view: DataView): DataView {
  const exact = 'change' in sums;
  const title = exact ? 'Integrated gradients, exact' : 'Integrated gradients, sampled';
  const caption = exact
    ? `what each number adds (orange) or takes away (blue) from x to x′: together ${signed(sums.sum, 3)}, the change of the output to ${scientific(sums.residual)}`
    : `together ${signed(sums.sum, 3)}; the parts are ${plain(100 * sums.error, 1)} % off the exact ones`;
  return { title, caption, layout: layoutOf(sums.parts.shape, sums.channelAxis), ...view };
}
