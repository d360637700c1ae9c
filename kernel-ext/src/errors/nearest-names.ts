import { distance } from 'fastest-levenshtein';

/** Names as far as this part of their length from what was typed are still taken for slips of the pen. */
const LIKE = 0.5;
const MOST = 3;

/** The names that are most like what was typed, the best first. Case does not count. */
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
