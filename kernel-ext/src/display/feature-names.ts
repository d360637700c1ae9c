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
  { parts, features, tokens }: Linearization,
  { features: given, instance = 0 }: { features?: readonly string[]; instance?: number },
  inputs: number,
  command = 'plot',
): { features?: string[] } {
  if (given && given.length !== inputs)
    throw new NameCountError(command, 'features', given.length, 'inputs', inputs);
  if (given) return { features: given.map(String) };
  if (features) return { features: [...features] };
  const texts = tokens?.[instance];
  if (texts?.length === inputs) return { features: [...texts] };
  if (inputs > MOST_NAMED) return {};
  if (texts) return { features: numbered(texts.map(text => [text, inputs / texts.length])) };
  if (!parts) return {};

  return { features: numbered(parts.map(({ name, size }) => [name, size])) };
}

/** A name for each number of things that have several: 'name[0]', 'name[1]', … */
const numbered = (things: readonly (readonly [name: string, size: number])[]): string[] =>
  things.flatMap(([name, size]) =>
    Array.from({ length: size }, (_, i) => (size === 1 ? name : `${name}[${i}]`)),
  );
