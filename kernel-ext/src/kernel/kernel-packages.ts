import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { ts } from './tslab-dialect';

const requireFromTslab = createRequire(require.resolve('tslab/package.json'));

/** The compiled library. */
export const LIBRARY = realpathSync(dirname(__dirname));

/** Declarations of a package of TensorFlow.js. */
export const typesOf = (name: string): string =>
  join(dirname(realpathSync(require.resolve(`${name}/package.json`))), 'dist', 'index.d.ts');

/** What cells can import in every folder, with its declarations. tfjs itself exports all names of its three parts. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ...['', '-core', '-layers', '-converter']
    .map(part => `@tensorflow/tfjs${part}`)
    .map(name => [name, typesOf(name)] as const),
  ['piecewise', join(LIBRARY, 'index.d.ts')],
  ['piecewise/errors', join(LIBRARY, 'public-errors.d.ts')],
  ['piecewise/payload', join(LIBRARY, 'payload', 'index.d.ts')],
]);

/**
 * The packages that cells of a folder get from the kernel: those that the folder does not have itself. The compiler and
 * `require` both ask here, so that what type-checks also runs. A folder that gets its own copy later keeps the kernel's until
 * the kernel restarts.
 */
export class KernelPackages {
  private readonly names: ReadonlySet<string>;

  /** @param directory of the notebook */
  constructor(private readonly directory: string) {
    const { resolve } = createRequire(join(directory, 'notebook.js'));
    const isOwn = (name: string): boolean => {
      try {
        return realpathSync(resolve(name)) !== realpathSync(require.resolve(codeOf(name)));
      } catch {
        return false;
      }
    };
    this.names = new Set([...PACKAGES.keys()].filter(name => !isOwn(name)));
  }

  /** Path of the code of a package, or null if the folder itself has it or it is no package of the kernel. */
  resolve(name: string): string | null {
    return this.names.has(name) ? require.resolve(codeOf(name)) : null;
  }

  /** The name of the kernel's TensorFlow.js in types; the plain name would mean the folder's own. */
  get tfjs(): string {
    return this.names.has('@tensorflow/tfjs') ? '@tensorflow/tfjs' : 'piecewise/tfjs';
  }

  /**
   * TypeScript's `paths`: the declarations of these packages, and names that are valid in every folder. Later cells see
   * `const model = …` by the name of its type, and TypeScript finds no name for a file deep inside some node_modules.
   */
  paths(): Record<string, string[]> {
    const own = [...this.names].map(name => [name, [PACKAGES.get(name)!]]);
    const folders = foldersAbove(this.directory).map((folder, i) => [
      `packages-${i}:*`,
      [join(folder, 'node_modules', '*')],
    ]);
    return {
      ...(Object.fromEntries([...own, ...folders]) as Record<string, string[]>),
      [this.tfjs]: [typesOf('@tensorflow/tfjs')],
      'piecewise/lib/*': [join(LIBRARY, '*')],
    };
  }
}

/** By path, because the kernel need not be able to import itself by its name. */
function codeOf(name: string): string {
  const [library, part = 'index'] = name.split('/');
  if (library !== 'piecewise') return name;
  return join(
    LIBRARY,
    part === 'errors' ? 'public-errors.js' : part === 'payload' ? 'payload/index.js' : 'index.js',
  );
}

/** The folder and all those that contain it. */
function foldersAbove(folder: string): string[] {
  return folder === parse(folder).root ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}

/**
 * Node's types, imported by path so that `console`, timers and `node:` modules have types in every directory: those of the
 * notebook's folder, else those of tslab.
 */
export function nodeTypes(directory: string): string {
  const roots = ts.getDefaultTypeRoots(directory, ts.sys) ?? [];
  const own = roots.map(root => join(root, 'node')).find(types => existsSync(join(types, 'package.json')));
  const types = own ?? dirname(requireFromTslab.resolve('@types/node/package.json'));
  return `import ${JSON.stringify(join(types, 'index'))};\n`;
}
