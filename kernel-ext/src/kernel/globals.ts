import { dirname, join } from 'node:path';
import type * as library from '../index';
import { type Command, documentationOf, readCommands } from './commands';
import type { Display } from './display';
import { endCutScopes, openScopes } from './cut-scopes';
import { hold } from './interruptible';
import { InterruptibleFit } from './interruptible-fit';
import { newerLibrary } from './newer-library';
import type { Prompt } from './prompt';

const FOLDER = join(__dirname, '..');

/** Other words that tell that a cell may use the library. */
const WAYS_IN = ['tf', 'import', 'require'];

/**
 * Typed globals of the cells: every value that the library exports, and what only the kernel can do. The library and its
 * backend take about a second to load, so the first cell that uses them loads them.
 */
export class Globals {
  private loading: Promise<void> | null = null;
  private library: typeof library | null = null;
  private tf: library.Runtime['tf'] | null = null;
  private readonly fit: InterruptibleFit;
  private wasCut = false;
  /** The signal of the last cell. */
  private began: AbortSignal | undefined;
  /** How many scopes of TensorFlow.js were open when the last cell began. */
  private scopes = 0;
  /** The values that the library exports. */
  private readonly commands: readonly Command[] = readCommands(join(FOLDER, 'index.d.ts'));
  /** Code that may use the library. `list.slice()` does not, `[...slice]` does. */
  private readonly usesLibrary: RegExp;

  /**
   * @param own what only the kernel can do
   * @param warn prints a line below the running cell
   * @param signal gives the signal of the running cell
   */
  constructor(
    private readonly own: { display: Display; prompt: Prompt },
    private readonly warn: (line: string) => void,
    private readonly signal: () => AbortSignal | undefined,
  ) {
    this.fit = new InterruptibleFit(signal);
    const words = [...this.commands.map(({ name }) => name), ...WAYS_IN];
    this.usesLibrary = new RegExp(`(?<!(?:^|[^.])\\.)\\b(?:${words.join('|')})\\b`);
  }

  install(): void {
    for (const [name, value] of Object.entries(this.own)) define(name, () => value);
    define('tf', () => this.tf);
    for (const { name } of this.commands) define(name, () => this.library?.[name as keyof typeof library]);
  }

  /** Notes that code has ended without its `finally` blocks, which may have left TensorFlow.js in the middle of something. */
  noteCut(): void {
    this.wasCut = true;
  }

  /** Loads the library and starts its backend when `code` may use them. Awaited before every cell. */
  async prepare(code: string): Promise<void> {
    if (this.tf) this.mend(this.tf);
    if (!this.usesLibrary.test(code)) return;
    this.loading ??= this.load();
    // After a failure, the next cell tries again.
    await this.loading.catch(error => {
      this.loading = null;
      throw error;
    });
  }

  /** Names of the layers of a model; empty for anything else, and before the library is loaded. */
  layersOf(value: unknown): readonly string[] {
    const isObject = typeof value === 'object' && value !== null;
    const isModel = isObject && ('layers' in value || 'outputs' in value);
    try {
      return isModel ? (this.library?.layerNames(value as library.Model) ?? []) : [];
    } catch {
      return []; // It has layers or outputs but is not a model.
    }
  }

  /** TypeScript for the converter's ambient module; paths are absolute because a notebook may be anywhere. */
  declaration(): string {
    const index = imported(join(FOLDER, 'index'));
    const commands = this.commands.map(
      ({ name, documentation }) => `${documentation}\nconst ${name}: typeof ${index}.${name};`,
    );
    const tfjs = dirname(require.resolve('@tensorflow/tfjs/package.json'));
    return `import * as TensorFlow from ${JSON.stringify(tfjs)};
declare global {
${commands.join('\n')}
${documentationOf('Display', join(__dirname, 'display.d.ts'))}
const display: ${imported(join(__dirname, 'display'))}.Display;
${documentationOf('Prompt', join(__dirname, 'prompt.d.ts'))}
const prompt: ${imported(join(__dirname, 'prompt'))}.Prompt;
/** TensorFlow.js on the fastest backend that runs here: native TensorFlow, else WASM, else JavaScript. */
export import tf = TensorFlow;
${newerLibrary()}
}
`;
  }

  private mend(tf: library.Runtime['tf']): void {
    // A cell that was stopped at an `await` never goes on, so what it has opened stays open, too.
    if (this.wasCut || this.began?.aborted) endCutScopes(tf.engine(), this.scopes);
    if (this.wasCut) this.fit.forgetCut();
    this.wasCut = false;
    this.began = this.signal();
    this.scopes = openScopes(tf.engine());
  }

  private async load(): Promise<void> {
    // An interrupt must not leave the library or its backend half loaded: nobody would ever finish it.
    const release = hold('TensorFlow.js to load');
    try {
      this.library = await import('../index.js');
      const { tf, backend, reason } = await this.library.startRuntime();
      this.tf = tf;
      this.fit.install(tf.LayersModel);
      if (backend !== 'tensorflow') this.warn(`Piecewise computes on the backend ${backend}. ${reason}`);
    } finally {
      release();
    }
  }
}

function imported(path: string): string {
  return `import(${JSON.stringify(path)})`;
}

/** A global that cells may overwrite. */
function define(name: string, get: () => unknown): void {
  const set = (value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  Object.defineProperty(globalThis, name, { get, set, configurable: true });
}
