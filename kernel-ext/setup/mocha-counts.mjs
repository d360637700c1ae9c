import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's `spec` reporter, which also writes how many tests passed and failed to the file $PIECEWISE_COUNTS. */
export default class Counts extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(process.env.PIECEWISE_COUNTS, JSON.stringify({ passes, failures, pending }));
    });
  }
}
