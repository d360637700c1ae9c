import type { Display } from './display';

/** The commands that every cell sees without an import: their types, and their values once a cell mentions them. */
export class Globals {
  constructor(private readonly display: Display) {}

  install(): void {
    define('display', () => this.display);
  }

  /** Loads what `code` mentions. */
  async prepare(_code: string): Promise<void> {}

  /** TypeScript for the converter's ambient module. */
  declaration(): string {
    return `declare global {
  const display: import(${JSON.stringify(`${__dirname}/display`)}).Display;
}
`;
  }
}

/** A global that cells may overwrite. */
function define(name: string, get: () => unknown): void {
  const set = (value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  Object.defineProperty(globalThis, name, { get, set, configurable: true });
}
