import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as typescript from '@tslab/typescript-for-tslab';
import { candidates, FolderModules } from './folder-modules';
import type { KernelPackages } from './kernel-packages';
import { resolveModule, ts } from './tslab-dialect';

interface Watched {
  path: string;
  /** Time and size of the file when it was last checked; empty if it does not exist. */
  state: string;
  changed: typescript.FileWatcherCallback;
}

/** Node's reasons why `require` cannot load a module that `import` can. */
const IMPORT_ONLY = new Set(['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_ESM']);

/** What cells import: files of the notebook's folder, reloaded when they change, and packages of either module kind. */
export class NotebookModules {
  private readonly watched = new Set<Watched>();
  /** ES modules that only `import` can load, by the name that cells give them. */
  private readonly imported = new Map<string, object>();
  private readonly require: NodeJS.Require;
  /** The compiled files of the notebook's folder. */
  readonly files: FolderModules;

  /**
   * @param directory of the notebook
   * @param packages what every folder gets from the kernel
   */
  constructor(
    private readonly directory: string,
    private readonly packages: KernelPackages,
  ) {
    this.files = new FolderModules(directory, (name, byNode) => this.loadPackage(name, byNode));
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

  /** Loads what `code`, and the files that it imports, import and `require` cannot load. Errors are left to the cell itself. */
  async prepare(code: string): Promise<void> {
    const visited = new Set<string>();
    const visit = async (text: string, from: string): Promise<void> => {
      for (const { fileName } of ts.preProcessFile(text).importedFiles) {
        if (!/^[./]/.test(fileName)) {
          await this.preparePackage(fileName);
          continue;
        }
        const path = candidates(resolve(from, fileName)).find(isFile);
        if (!path || visited.has(path) || !this.isOwn(path)) continue;
        visited.add(path);
        await visit(readFileSync(path, 'utf8'), dirname(path));
      }
    };
    await visit(code, this.directory);
  }

  private async preparePackage(name: string): Promise<void> {
    if (name.startsWith('node:') || this.imported.has(name) || this.packages.resolve(name)) return;
    try {
      this.require(name);
    } catch (error) {
      if (!IMPORT_ONLY.has(String((error as NodeJS.ErrnoException).code))) return;
      const path = resolveModule(name, join(this.directory, 'notebook.js'));
      const module = path && (await import(pathToFileURL(path).href).catch(() => null));
      // TypeScript's CommonJS output reads `default` only from modules that are marked as ES modules.
      if (module)
        this.imported.set(name, Object.defineProperty({ ...module }, '__esModule', { value: true }));
    }
  }

  /** `require` for scripts. @param inner tslab's, which knows tslab itself */
  wrapRequire(inner: NodeJS.Require): NodeJS.Require {
    return new Proxy(inner, {
      apply: (_, self, [name]: [string]) => this.files.load(name, each => Reflect.apply(inner, self, [each])),
    });
  }

  private loadPackage(name: string, byNode: (name: string) => unknown): unknown {
    const imported = this.imported.get(name);
    if (imported) return imported;
    const path = this.packages.resolve(name);
    return path === null ? byNode(name) : this.require(path);
  }

  private isOwn(path: string): boolean {
    return path.startsWith(this.directory + sep) && !path.includes(`${sep}node_modules${sep}`);
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : '';
}
