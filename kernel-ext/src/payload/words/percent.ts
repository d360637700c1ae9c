/** A share of the whole, rounded so that a nonzero share never becomes 0 % and an incomplete one never 100 %. */
export function percent(share: number): string {
  if (share < 0.001) return '< 0.1 %';
  const isCoarse = share >= 0.1 && (share < 0.99 || share > 0.9999);
  return `${(100 * share).toFixed(isCoarse ? 0 : 1)} %`;
}
