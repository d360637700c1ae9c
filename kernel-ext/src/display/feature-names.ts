import { NameCountError } from '../errors';
import type { Linearization } from '../linearization/linearization';

/** Inputs with more entries than this have names only if the caller gives them. */
const MOST_NAMED = 1000;

/**
 * Names of the D numbers of one input: those that the caller gives, else those of the linearization or of
 * its named inputs, else none.
 * @throws NameCountError
 */
export function featuresOf(
  { parts, features }: Linearization,
  given: readonly string[] | undefined,
  inputs: number,
  command = 'plot',
): { features?: string[] } {
  if (given && given.length !== inputs)
    throw new NameCountError(command, 'features', given.length, 'inputs', inputs);
  if (given) return { features: given.map(String) };
  if (features) return { features: [...features] };
  if (!parts || inputs > MOST_NAMED) return {};
  const named = parts.flatMap(({ name, size }) =>
    Array.from({ length: size }, (_, i) => (size === 1 ? name : `${name}[${i}]`)),
  );
  return { features: named };
}
