import { InputNotAllowedError } from './errors';
import type { Outputs } from './outputs';
import type { Server } from './server';

/** How `prompt` asks. */
export interface PromptOptions {
  /** true: what is typed stays hidden. Default: false. */
  password?: boolean;
}

/** What a terminal sends for the end of the input. */
const END_OF_INPUT = '\x04';

/**
 * Asks for a line of text below the cell, and waits for it. Returns the line; null: the input was ended (Ctrl-D in a terminal).
 * `prompt('Key', { password: true })` hides what is typed. Throws InputNotAllowedError where nobody can answer, as in nbconvert.
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
