/**
 * Whether a MIME bundle is a progress bar. Piecewise shows one for work that takes longer than a second, so on a busy machine
 * it may come before the output that a test looks for.
 */
export function isProgressBar(bundle: Record<string, unknown> = {}): boolean {
  return [bundle['text/html']].flat().join('').includes('role="progressbar"');
}
