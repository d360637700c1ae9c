import { QUIET, signColored, table, td } from '../../page/html-table';
import { escaped, img } from '../../page/page-parts';
import { bound, decimalsFor, signed } from '../../payload/numbers';
import type { Plate } from './plates';

/** Plates side by side, each with its symbol, caption and range. */
export function plateTable(shown: readonly Plate[]): string {
  const head = shown.map(
    ({ symbol, caption }) => `<b style="color: #111111">${escaped(symbol)}</b> &ensp;${escaped(caption)}`,
  );
  const images = shown.map(plate => td(img(plate.picture, `${plate.symbol}, ${plate.caption}`)));
  const ranges = shown.map(plate => {
    const { low, high } = plate.range;
    const decimals = decimalsFor(Math.max(Math.abs(low), Math.abs(high)));
    return plate.signed
      ? td(
          `${signColored(signed(low, decimals), -1)} … ${signColored(signed(high, decimals), 1)}`,
          'text-align: center',
        )
      : td(`${bound(low)} … ${bound(high)}`, `text-align: center; color: ${QUIET}`);
  });
  return table(head, [images, ranges], head.length);
}
