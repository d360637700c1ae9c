import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';
import { root } from './layout.mjs';

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;

/**
 * Mocha's `spec` reporter, which also writes to the file $PIECEWISE_COUNTS how many tests passed and failed, and how long
 * each test and each hook took.
 */
export default class Counts extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const times = [];
    // A hook that the files share belongs to none of them.
    const note = ({ title, parent, file, duration: ms }) => {
      if (ms === undefined) return;
      times.push({ title: [...parent.titlePath(), title].join(' '), file: relative(root, file ?? root), ms });
    };
    runner.on(EVENT_TEST_END, note);
    runner.on(EVENT_HOOK_END, note);
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(process.env.PIECEWISE_COUNTS, JSON.stringify({ passes, failures, pending, times }));
    });
  }
}
