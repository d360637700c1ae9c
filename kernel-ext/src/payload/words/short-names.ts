const MARK = '…';

/**
 * Names of at most `most` characters that differ wherever the full names do. They are cut at the end if that is enough, else in
 * the middle, else before the first character at which they differ, else at the start. Where no cut keeps them apart, full names
 * are kept.
 * @param most at least 3
 */
export function shortNames(names: readonly string[], most: number): string[] {
  const full = names.map(name => [...name]);
  if (full.every(characters => characters.length <= most)) return [...names];
  const start = sharedStart(full);
  const cuts: ((characters: string[]) => string)[] = [
    characters => `${characters.slice(0, most - 1).join('')}${MARK}`,
    characters =>
      `${characters.slice(0, Math.floor((most - 1) / 2)).join('')}${MARK}${tail(characters, Math.ceil((most - 1) / 2))}`,
    characters =>
      `${MARK}${characters.slice(start, start + most - 2).join('')}${start + most - 2 < characters.length ? MARK : ''}`,
    characters => `${MARK}${tail(characters, most - 1)}`,
  ];
  const count = new Set(names).size;
  for (const cut of cuts) {
    const short = full.map((characters, i) => (characters.length <= most ? names[i] : cut(characters)));
    if (new Set(short).size === count) return short;
  }
  return [...names];
}

/** The full names where a style sheet that cuts them at the end keeps them apart, else as `shortNames`. */
export function clippableNames(names: readonly string[], most: number): string[] {
  const cut = names.map(name => [...name].slice(0, most - 1).join(''));
  return new Set(cut).size === new Set(names).size ? [...names] : shortNames(names, most);
}

/** A single name of at most `most` characters. */
export const shortName = (name: string, most: number): string => shortNames([name], most)[0];

const tail = (characters: readonly string[], count: number): string => characters.slice(-count).join('');

/** How many characters all names begin with. */
function sharedStart(names: readonly string[][]): number {
  let length = 0;
  while (length < names[0].length && names.every(name => name[length] === names[0][length])) length++;
  return length;
}
