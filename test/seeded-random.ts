import seedrandom from 'seedrandom';

/**
 * Seeds `Math.random` for every test, and with it what draws from it without a seed of its own: the initializers of
 * TensorFlow.js, its dropout and its shuffling. A test then has the same weights in every run and beside any other tests.
 * `PIECEWISE_SEED=2 npm test` draws other ones, which shows a tolerance that only fits one draw.
 */
const run = process.env.PIECEWISE_SEED ?? '1';

/** What is drawn while the files are loaded, and in hooks before a suite's first test, is seeded as well. */
Math.random = seedrandom(run);

export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    Math.random = seedrandom(`${run} ${this.currentTest?.fullTitle()}`);
  },
};
