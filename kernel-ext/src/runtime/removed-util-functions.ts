import util from 'node:util';

/**
 * tfjs-node 4.22 calls two functions of node:util that Node 23 removed and Node 22 warns about. Their documented
 * replacements are used on every Node, so that it behaves the same everywhere.
 */
export function restoreRemovedUtilFunctions(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}
