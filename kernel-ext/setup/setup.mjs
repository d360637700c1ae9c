/** `npm run setup`: sets up everything that `npm test` needs, without running a test. */
import { testSteps } from './all-steps.mjs';
import { runStepsOrExit } from './steps.mjs';

await runStepsOrExit(testSteps);
