/** `npm run setup`: everything that `npm test` sets up, and nothing more. */
import { testSteps } from './all-steps.mjs';
import { runStepsOrExit } from './steps.mjs';

await runStepsOrExit(testSteps);
