/** `npm test [-- folders, files, options of mocha]`: sets up what is missing, then runs the tests. */
import { testSteps } from './all-steps.mjs';
import { runMocha } from './run-mocha.mjs';
import { runStepsOrExit } from './steps.mjs';

await runStepsOrExit(testSteps, () => console.log('0 passed, 1 failed'));
const { passed, failed } = await runMocha(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
