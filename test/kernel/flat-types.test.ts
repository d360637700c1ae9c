import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Converter } from 'tslab/dist/converter';
import { KernelPackages } from '../../kernel-ext/lib/kernel/kernel-packages';
import { createConverter } from '../../kernel-ext/lib/kernel/tslab-converter';

const folder = (name: string): string => JSON.stringify(dirname(require.resolve(`${name}/package.json`)));

/** The kernel reads the declarations of TensorFlow.js from one file that the build makes; tfjs itself shows whether they lack anything. */
describe('the flat declarations of TensorFlow.js', () => {
  let converter: Converter;
  before(() => (converter = createConverter(new KernelPackages(process.cwd()))));
  after(() => converter.close());

  const faults = (code: string): string[] =>
    converter
      .convert('', `import * as tf from ${folder('@tensorflow/tfjs')};\n${code}`)
      .diagnostics.map(({ messageText }) => messageText);

  it('have every name that tfjs exports', () => {
    const names = Object.keys(tf).filter(name => name !== 'default');
    assert.ok(names.length > 500, `${names.length} names`);
    assert.deepEqual(faults(`void [${names.map(name => `tf.${name}`).join(', ')}];`), []);
  });

  it('have every method that tfjs adds to Tensor', () => {
    const own = Object.getOwnPropertyNames(tf.Tensor.prototype).filter(name => name !== 'constructor');
    const methods = own.filter(name => !['rankType', 'throwIfDisposed'].includes(name));
    assert.ok(methods.length > 150, `${methods.length} methods`);
    const uses = methods.map(name => `tensor.${name}`).join(', ');
    assert.deepEqual(faults(`const tensor: tf.Tensor = tf.scalar(1);\nvoid [${uses}];`), []);
  });

  it('refuse what tfjs would refuse', () => {
    assert.match(
      faults(`const shape: string = tf.scalar(1).shape;`).join(),
      /not assignable to type 'string'/,
    );
  });

  it('are also those of its packages: a tensor of tfjs-core is a tensor of tfjs', () => {
    const code = `import * as core from ${folder('@tensorflow/tfjs-core')};\nconst t: core.Tensor = tf.scalar(1); t.relu();`;
    assert.deepEqual(faults(code), []);
  });
});
