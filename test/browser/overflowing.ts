/** Finds the elements that extend beyond the explorer on the right. Runs in the page. */
export function overflowing(root: Element): string[] {
  const edge = root.getBoundingClientRect().right + 1;
  return [...root.querySelectorAll('*')]
    .filter(node => node.getBoundingClientRect().right > edge)
    .map(node => String(node.className));
}
