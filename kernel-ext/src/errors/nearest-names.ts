import { distance } from 'fastest-levenshtein';

/** A name counts as a typo of another if at most this share of its letters differs. */
const LIKE = 0.5;
const MOST = 3;

/** The names that resemble what was typed, the most similar first. Case does not matter. */
export function nearestNames(typed: string, names: readonly string[]): string[] {
  const far = (name: string) => {
    const [a, b] = [typed.toLowerCase(), name.toLowerCase()];
    return b.includes(a) && a !== '' ? 0 : distance(a, b) / Math.max(a.length, b.length);
  };
  return names
    .map(name => ({ name, far: far(name) }))
    .filter(candidate => candidate.far <= LIKE)
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(({ name }) => name);
}
