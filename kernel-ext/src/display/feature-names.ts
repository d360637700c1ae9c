import { NameCountError } from '../errors';
import type { Linearization } from '../linearization/linearization';

/** Longer inputs have names only if they are given. */
const MOST_NAMED = 1000;

/**
 * Names of the D numbers of one input: those that are given, else those of named inputs, else none.
 * @throws NameCountError
 */
export function featuresOf(
  { parts }: Linearization,
  given: readonly string[] | undefined,
  inputs: number,
  command = 'plot',
): { features?: string[] } {
  if (given && given.length !== inputs)
    throw new NameCountError(command, 'features', given.length, 'inputs', inputs);
  if (given) return { features: given.map(String) };
  if (!parts || inputs > MOST_NAMED) return {};
  const named = parts.flatMap(({ name, size }) =>
    Array.from({ length: size }, (_, i) => (size === 1 ? name : `${name}[${i}]`)),
  );
  return { features: named };
}
