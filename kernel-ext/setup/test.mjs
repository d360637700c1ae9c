/** `npm test [-- folders, files, options of mocha, --slowest [n]]`: sets up what is missing, then runs the tests. */
import { testSteps } from './all-steps.mjs';
import { runMocha } from './run-mocha.mjs';
import { takeSlowest } from './slowest-tests.mjs';
import { runStepsOrExit } from './steps.mjs';

const nothingRan = () => console.log('0 passed, 1 failed');

function readArguments() {
  try {
    return takeSlowest(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    nothingRan();
    return process.exit(1);
  }
}

const { slowest, rest } = readArguments();
await runStepsOrExit(testSteps, nothingRan);
const { passed, failed } = await runMocha(rest, slowest);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
