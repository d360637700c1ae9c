/** Elements that stick out of the explorer on the right. To be run in the page. */
export function overflowing(root: Element): string[] {
  const edge = root.getBoundingClientRect().right + 1;
  return [...root.querySelectorAll('*')]
    .filter(node => node.getBoundingClientRect().right > edge)
    .map(node => String(node.className));
}
