import { shownValue } from './shown-value';
import { PiecewiseError } from './piecewise-error';

/** An option has a value that the command does not know. */
export class OptionError extends PiecewiseError {
  constructor(
    /** For example 'census' or 'data.csv'. */
    readonly command: string,
    /** The name of the option, or of the argument. */
    readonly option: string,
    readonly received: unknown,
    /** For example 'a positive whole number'. */
    readonly wanted: string,
  ) {
    super(`${command}: ${option} is ${shownValue(received)}. Give ${wanted}.`);
  }
}
