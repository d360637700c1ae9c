import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as typescript from '@tslab/typescript-for-tslab';
import { resolveModule, ts } from './tslab-dialect';

interface Watched {
  path: string;
  /** Time and size of the file when it was last checked; empty if it does not exist. */
  state: string;
  changed: typescript.FileWatcherCallback;
}

/** Node's reasons why `require` cannot load a module that `import` can. */
const IMPORT_ONLY = new Set(['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_ESM']);

/** `./helper.ts` in compiled code; the compiler keeps the ending, but tslab knows the output as `./helper`. */
const TS_REQUIRE = /\brequire\((["'])(\.{1,2}\/[^"'\n]+)\.tsx?\1\)/g;

/** What cells import: files of the notebook's folder, reloaded when they change, and packages of either module kind. */
export class NotebookModules {
  private readonly watched = new Set<Watched>();
  /** ES modules that only `import` can load, by the name that cells give them. */
  private readonly imported = new Map<string, object>();
  private readonly require: NodeJS.Require;

  /** @param directory of the notebook */
  constructor(private readonly directory: string) {
    this.require = createRequire(join(directory, 'notebook.js'));
  }

  /** For `ts.sys.watchFile`: files are checked when a cell runs, so that no timer decides what the cell sees. */
  watchFile(path: string, changed: typescript.FileWatcherCallback): typescript.FileWatcher {
    const watched = { path, state: this.isOwn(path) ? stateOf(path) : '', changed };
    if (this.isOwn(path)) this.watched.add(watched);
    return { close: () => this.watched.delete(watched) };
  }

  /** Recompiles and reruns changed files, and all others that cells import, because they may use each other. */
  refresh(): void {
    const states = [...this.watched].map(file => ({ file, state: stateOf(file.path) }));
    if (states.every(({ file, state }) => file.state === state)) return;
    for (const { file, state } of states) {
      file.state = state;
      file.changed(
        file.path,
        state === '' ? ts.FileWatcherEventKind.Deleted : ts.FileWatcherEventKind.Changed,
      );
    }
  }

  /** Loads what `code` imports and `require` cannot load. Errors are left to the cell itself. */
  async prepare(code: string): Promise<void> {
    for (const { fileName } of ts.preProcessFile(code).importedFiles) {
      if (/^(\.|\/|node:)/.test(fileName) || this.imported.has(fileName)) continue;
      try {
        this.require(fileName);
      } catch (error) {
        if (!IMPORT_ONLY.has(String((error as NodeJS.ErrnoException).code))) continue;
        const path = resolveModule(fileName, join(this.directory, 'notebook.js'));
        const module = path && (await import(pathToFileURL(path).href).catch(() => null));
        // TypeScript's CommonJS output reads `default` only from modules that are marked as ES modules.
        if (module)
          this.imported.set(fileName, Object.defineProperty({ ...module }, '__esModule', { value: true }));
      }
    }
  }

  /** `require` for scripts. @param inner tslab's, which knows the compiled files of the notebook's folder */
  wrapRequire(inner: NodeJS.Require): NodeJS.Require {
    return new Proxy(inner, {
      apply: (_, self, [name, ...rest]: [string]) =>
        this.imported.get(name) ?? Reflect.apply(inner, self, [name, ...rest]),
    });
  }

  private isOwn(path: string): boolean {
    return path.startsWith(this.directory + sep) && !path.includes(`${sep}node_modules${sep}`);
  }
}

/** Compiled code as tslab's `require` understands it. */
export function withoutTsEndings(code: string): string {
  return code.replace(TS_REQUIRE, 'require($1$2$1)');
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : '';
}
