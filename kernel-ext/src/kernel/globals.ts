import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as library from '../index';
import type { Display } from './display';
import { newerLibrary } from './newer-library';
import type { Prompt } from './prompt';
import { enter, State } from './interruptible';

/** Code that may use the library: it names a command, or imports something that could. */
const USES_LIBRARY =
  /\b(linearize|path|(?<!\.)slice|contrastEdit|census|atlas|plot|progress|tsne|loadEmbedding|selection|saveNumbers|toCsv|toNpy|data|tf|import|require)\b/;

const FOLDER = join(__dirname, '..');

/** The commands that every cell sees without an import, and the declaration file that documents each. */
const COMMANDS = {
  linearize: 'linearization/linearize',
  path: 'paths/path',
  slice: 'slices/slice',
  contrastEdit: 'paths/contrast-edit',
  census: 'census/census',
  atlas: 'atlas/atlas',
  plot: 'display/plot',
  progress: 'progress/progress',
  tsne: 'tsne/tsne',
  loadEmbedding: 'tsne/embedding',
  selection: 'display/selection',
  saveNumbers: 'export/save-numbers',
  toCsv: 'export/save-numbers',
  toNpy: 'export/save-numbers',
  data: 'data/index',
} as const;

/**
 * Typed globals of the cells. The library and its backend take about a second to load, so they are loaded by the
 * first cell that uses them.
 */
export class Globals {
  private loading: Promise<void> | null = null;
  private library: typeof library | null = null;
  private tf: library.Runtime['tf'] | null = null;

  /**
   * @param own what only the kernel can do
   * @param warn prints a line below the running cell
   */
  constructor(
    private readonly own: { display: Display; prompt: Prompt },
    private readonly warn: (line: string) => void,
  ) {}

  install(): void {
    for (const [name, value] of Object.entries(this.own)) define(name, () => value);
    define('tf', () => this.tf);
    for (const name of Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]) {
      define(name, () => this.library?.[name]);
    }
  }

  /** Loads the library and starts its backend when `code` may use them. Awaited before every cell. */
  async prepare(code: string): Promise<void> {
    if (USES_LIBRARY.test(code)) await (this.loading ??= this.load());
  }

  /** Names of the layers of a model; empty for anything else, and before the library is loaded. */
  layersOf(value: unknown): readonly string[] {
    const isModel = typeof value === 'object' && value !== null && 'layers' in value;
    try {
      return isModel ? (this.library?.layerNames(value as library.Model) ?? []) : [];
    } catch {
      return []; // Something else that has layers.
    }
  }

  /** TypeScript for the converter's ambient module; absolute paths, since a notebook may lie anywhere. */
  declaration(): string {
    const commands = Object.entries(COMMANDS).map(
      ([name, file]) =>
        `${documentation(name, file)}\nconst ${name}: typeof ${imported(join(FOLDER, 'index'))}.${name};`,
    );
    const tfjs = dirname(require.resolve('@tensorflow/tfjs/package.json'));
    return `import * as TensorFlow from ${JSON.stringify(tfjs)};
declare global {
${commands.join('\n')}
${documentation('display', 'kernel/display')}
const display: ${imported(join(FOLDER, 'kernel', 'display'))}.Display;
${documentation('prompt', 'kernel/prompt')}
const prompt: ${imported(join(FOLDER, 'kernel', 'prompt'))}.Prompt;
/** TensorFlow.js on the fastest backend that runs here: native TensorFlow, else WASM, else JavaScript. */
export import tf = TensorFlow;
${newerLibrary()}
}
`;
  }

  private async load(): Promise<void> {
    // A half loaded library would stay half loaded.
    const leave = enter(State.notAtAll);
    this.library = await import('../index.js').finally(leave);
    const { tf, backend, reason } = await this.library.startRuntime();
    this.tf = tf;
    if (backend !== 'tensorflow') this.warn(`Piecewise computes on the backend ${backend}. ${reason}`);
  }
}

/** The doc comment of a declaration; editors show only what stands on the global itself. */
function documentation(name: string, file: string): string {
  const text = readFileSync(join(FOLDER, `${file}.d.ts`), 'utf8');
  const comment = new RegExp(
    `/\\*\\*(?:(?!\\*/)[^])*\\*/(?=\\s*export (?:declare (?:function|const)|interface) ${name}\\b)`,
    'i',
  );
  return comment.exec(text)?.[0] ?? '';
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
