const OPTION = '--slowest';
const DEFAULT_COUNT = 60;
const MOST = 100;

/**
 * Takes `--slowest [n]` out of the arguments of `npm test`; the rest is for mocha.
 * @param {string[]} args
 * @returns {{slowest: number, rest: string[]}} how many tests to list: 0 without the option, 60 without a number
 * @throws Error if the number is not between 1 and 100
 */
export function takeSlowest(args) {
  const words = args.flatMap(arg => (arg.startsWith(`${OPTION}=`) ? arg.split('=') : [arg]));
  const at = words.indexOf(OPTION);
  if (at < 0) return { slowest: 0, rest: args };
  const hasNumber = /^-?\d/.test(words[at + 1] ?? '');
  const slowest = hasNumber ? Number(words[at + 1]) : DEFAULT_COUNT;
  if (!Number.isInteger(slowest) || slowest < 1 || slowest > MOST)
    throw new Error(`${OPTION} got ${words[at + 1]}; it takes a whole number from 1 to ${MOST}.`);
  return { slowest, rest: words.toSpliced(at, hasNumber ? 2 : 1) };
}

/**
 * @param {{title: string, file: string, ms: number}[]} times of tests and hooks; file: relative to the root
 * @param {number} count how many to list
 * @returns {string} one line per test or hook, the slowest first
 */
export function slowestList(times, count) {
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, count);
  const lines = slowest.map(
    ({ title, file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}: ${title}`,
  );
  return [`The slowest ${slowest.length} of ${times.length} tests and hooks:`, ...lines].join('\n');
}
