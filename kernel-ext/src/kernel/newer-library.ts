/** Features of newer versions of Node that TypeScript 5.0 does not know: an object that has it, its name, its declaration. */
const FEATURES: readonly (readonly [object, string, string])[] = [
  [Array.prototype, 'toReversed', arrays('toReversed(): T[];')],
  [Array.prototype, 'toSorted', arrays('toSorted(compare?: (a: T, b: T) => number): T[];')],
  [
    Array.prototype,
    'toSpliced',
    arrays('toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];'),
  ],
  [Array.prototype, 'with', arrays('with(index: number, value: T): T[];')],
  [
    Array,
    'fromAsync',
    'interface ArrayConstructor { fromAsync<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): Promise<T[]>; }',
  ],
  [String.prototype, 'isWellFormed', 'interface String { isWellFormed(): boolean; toWellFormed(): string; }'],
  [
    Object,
    'groupBy',
    `interface ObjectConstructor {
  groupBy<K extends PropertyKey, T>(items: Iterable<T>, key: (item: T, index: number) => K): Partial<Record<K, T[]>>;
}
interface MapConstructor { groupBy<K, T>(items: Iterable<T>, key: (item: T, index: number) => K): Map<K, T[]>; }`,
  ],
  [
    Promise,
    'withResolvers',
    `interface PromiseConstructor {
  withResolvers<T>(): {
    promise: Promise<T>; resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: any) => void;
  };
}`,
  ],
  [
    Set.prototype,
    'union',
    `interface Set<T> {
  union<U>(other: Set<U>): Set<T | U>;
  intersection<U>(other: Set<U>): Set<T & U>;
  difference<U>(other: Set<U>): Set<T>;
  symmetricDifference<U>(other: Set<U>): Set<T | U>;
  isSubsetOf(other: Set<unknown>): boolean;
  isSupersetOf(other: Set<unknown>): boolean;
  isDisjointFrom(other: Set<unknown>): boolean;
}`,
  ],
];

/** TypeScript for `declare global {…}`: types for the features of this Node that TypeScript 5.0 does not know (ES2023 to ES2025). */
export function newerLibrary(): string {
  return FEATURES.flatMap(([object, name, declaration]) => (name in object ? [declaration] : [])).join('\n');
}

function arrays(method: string): string {
  return `interface Array<T> { ${method} }\ninterface ReadonlyArray<T> { ${method} }`;
}
