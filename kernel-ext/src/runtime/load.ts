import { createRequire } from 'node:module';

const requireNow = createRequire(__filename);

/**
 * Loads a package now rather than when this module is imported: tfjs-node starts TensorFlow when it loads, and reads
 * environment variables at that time. The static imports of '@tensorflow/tfjs' elsewhere get the same instance.
 */
export function load<T>(name: string): T {
  return requireNow(name) as T;
}

/** @returns the absolute path of a file that a package exports */
export const resolve = (name: string): string => requireNow.resolve(name);
