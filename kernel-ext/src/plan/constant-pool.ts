import type { Constant } from '../capture/kernel-call';

/** The constants of a graph, each stored once. They are found by hash, so that many large ones need not be compared in turn. */
export class ConstantPool {
  readonly constants: Constant[] = [];
  /** Positions of the constants by hash. */
  private readonly positions = new Map<string, number[]>();

  /** @returns the position of the constant. */
  add(constant: Constant): number {
    const key = keyOf(constant);
    const candidates = this.positions.get(key) ?? [];
    this.positions.set(key, candidates);
    const known = candidates.find(position => isSame(this.constants[position], constant));
    if (known !== undefined) return known;
    const position = this.constants.push(constant) - 1;
    candidates.push(position);
    return position;
  }
}

const keyOf = (constant: Constant): string =>
  'tensor' in constant
    ? `tensor ${constant.tensor.id} ${constant.shape}`
    : `values ${hashOf(constant.values)} ${constant.shape}`;

/** Weights go from graph to graph while a plan is simplified, and their numbers stay as they are. */
const hashes = new WeakMap<Float32Array, number>();

/** A hash of the numbers' bits (FNV-1a, one number at a time). */
function hashOf(values: Float32Array): number {
  const known = hashes.get(values);
  if (known !== undefined) return known;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let hash = 0x811c9dc5;
  for (let i = 0; i < bits.length; i++) hash = Math.imul(hash ^ bits[i], 0x01000193);
  hashes.set(values, hash);
  return hash;
}

/** Constants with the same key have the same shape, and both are tensors or both are values. */
function isSame(a: Constant, b: Constant): boolean {
  if ('tensor' in a || 'tensor' in b) return 'tensor' in a && 'tensor' in b && a.tensor === b.tensor;
  return a.values === b.values || Buffer.compare(bytesOf(a.values), bytesOf(b.values)) === 0;
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
