import { InputNotAllowedError } from './errors';
import type { Outputs } from './outputs';
import type { Server } from './server';

/** How `prompt` asks. */
export interface PromptOptions {
  /** true: the input is hidden. Default: false. */
  password?: boolean;
}

/** What a terminal sends at the end of the input. */
const END_OF_INPUT = '\x04';

/**
 * Asks for a line of text below the cell, and waits for it. Returns the line, or null if the input was ended (Ctrl-D in a terminal).
 * `prompt('Key', { password: true })` hides the input. Throws InputNotAllowedError if the client takes no input, as in nbconvert.
 */
export interface Prompt {
  (message?: string, options?: PromptOptions): string | null;
}

export function createPrompt(outputs: Outputs, server: Pick<Server, 'ask'>): Prompt {
  return (message = '', { password = false } = {}) => {
    const cell = outputs.current;
    if (!cell?.asks) throw new InputNotAllowedError(message);
    outputs.flush();
    const line = server.ask({ prompt: message, password }, cell.parent, cell.asks);
    return line === END_OF_INPUT ? null : line;
  };
}
