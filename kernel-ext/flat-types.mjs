/**
 * Writes the declarations of TensorFlow.js as one file, lib/kernel/tfjs.d.ts. Its own are 600 files, of which 137 add
 * methods to Tensor one by one: what makes TypeScript slow in every cell. Part of the build.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';
import { withHiddenTypes } from './lib/kernel/hidden-types.js';

const { resolve } = createRequire(import.meta.url);
const packageFolder = name => dirname(resolve(`${name}/package.json`));

const CORE = join(packageFolder('@tensorflow/tfjs-core'), 'dist');
const TENSOR = join(CORE, 'tensor.d.ts');
const METHODS = join(CORE, 'public', 'chained_ops');
const OUTPUT = join(dirname(fileURLToPath(import.meta.url)), 'lib', 'kernel', 'tfjs.d.ts');

const AUGMENTATION = /^declare module '\.\.\/\.\.\/tensor' \{\n([^]*?)^\}/gm;
const IMPORT = /^import \{([^}]*)\} from '\.\.\/\.\.\/([^']*)';/gm;
/** Of no use in one file: the names of AMD modules, and the types of WebGPU, which a kernel has not. */
const DIRECTIVE = /^\/\/\/ <(amd-module|reference) .*\n/gm;

/** Tensor with the methods that tfjs adds to it from elsewhere, as further parts of the same interface. */
function wholeTensor() {
  const own = readFileSync(TENSOR, 'utf8');
  const parts = [];
  const imports = new Map();
  for (const name of readdirSync(METHODS).filter(each => each.endsWith('.d.ts'))) {
    const text = readFileSync(join(METHODS, name), 'utf8');
    for (const [, part] of text.matchAll(AUGMENTATION))
      parts.push(part.replace('interface', 'export interface'));
    for (const [, names, from] of text.matchAll(IMPORT))
      for (const each of names.split(',')) imports.set(each.trim(), from);
  }
  const isKnown = name =>
    new RegExp(`\\b(class|interface|type) ${name}\\b|import [^;]*\\b${name}\\b`).test(own);
  const missing = [...imports].filter(([name]) => !isKnown(name));
  return [...missing.map(([name, from]) => `import { ${name} } from './${from}';`), own, ...parts].join('\n');
}

const tfjs = {
  name: 'tfjs',
  resolveId(id) {
    const [, name, file] = /^(@tensorflow\/[^/]+)\/?(.*)$/.exec(id) ?? [];
    return name && join(packageFolder(name), `${file || 'dist/index'}.d.ts`);
  },
  load(id) {
    if (id.startsWith(METHODS)) return 'export {};';
    return id === TENSOR ? wholeTensor() : undefined;
  },
};

const bundle = await rollup({
  input: join(packageFolder('@tensorflow/tfjs'), 'dist', 'index.d.ts'),
  plugins: [tfjs, dts({ respectExternal: true })],
  external: id => !/^[./]|^@tensorflow/.test(id),
});
const { output } = await bundle.generate({ format: 'es' });
writeFileSync(OUTPUT, withHiddenTypes(ts, OUTPUT, output[0].code.replace(DIRECTIVE, '')));
