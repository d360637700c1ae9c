import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { withHoistedExports } from './export-patterns';
import type { CompiledCell } from './traceback';

/** Node's modules, with the members that its types leave out. */
interface NodeModule extends Module {
  _compile(code: string, filename: string): unknown;
}

type Load = (name: string) => unknown;

const ENDINGS = ['.ts', '.tsx', '.js', '.jsx'];

/**
 * The compiled files of the notebook's folder, as CommonJS modules that are loaded when a cell or another file requires them.
 * As in Node, a file that imports one that is still loading gets what that one has exported so far.
 */
export class FolderModules {
  private readonly compiled = new Map<string, CompiledCell>();
  private readonly loaded = new Map<string, NodeModule>();

  /**
   * @param directory of the notebook
   * @param loadOther loads what is no file of the folder; `byNode` is how Node itself would
   */
  constructor(
    private readonly directory: string,
    private readonly loadOther: (name: string, byNode: Load) => unknown,
  ) {}

  /** Takes files that were compiled, again or for the first time. @param path where the compiled code would stand */
  add(path: string, code: string): void {
    const source = candidates(path).find(existsSync) ?? path;
    const label = source.startsWith(`${this.directory}/`) ? source.slice(this.directory.length + 1) : source;
    const output = withHoistedExports(code);
    this.compiled.set(source, { label, source: readFileSync(source, 'utf8'), output, prefix: 0 });
    this.loaded.delete(source);
  }

  /** A file that was compiled, by its path, as stack traces show it. */
  get(path: string): CompiledCell | undefined {
    return this.compiled.get(path);
  }

  /** @param from folder of the cell or file that requires `name` */
  load(name: string, byNode: Load, from = this.directory): unknown {
    const path =
      /^\.{0,2}\//.test(name) || /^\.{1,2}$/.test(name) ? this.find(resolve(from, name)) : undefined;
    return path === undefined ? this.loadOther(name, byNode) : this.run(path);
  }

  private find(path: string): string | undefined {
    return candidates(path).find(each => this.compiled.has(each));
  }

  private run(path: string): unknown {
    const loaded = this.loaded.get(path);
    if (loaded) return loaded.exports;
    const module = new Module(path) as NodeModule;
    module.filename = path;
    module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
      dirname(path),
    );
    const byNode = module.require.bind(module);
    module.require = Object.assign((name: string) => this.load(name, byNode, dirname(path)), module.require);
    this.loaded.set(path, module);
    try {
      module._compile(this.compiled.get(path)!.output, path);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }
}

/** The files that a path without its ending, or with that of compiled code, may mean. */
export function candidates(path: string): string[] {
  const stem = path.replace(/\.[jt]sx?$/, '');
  const files = [path, ...[stem, path].flatMap(each => ENDINGS.map(ending => each + ending))];
  return isAbsolute(path) ? [...files, ...ENDINGS.map(ending => join(path, `index${ending}`))] : files;
}
