import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from '../kernel/client';

const TSLAB = [
  process.execPath,
  require.resolve('tslab/bin/tslab'),
  'kernel',
  '--config-path',
  '{connection_file}',
];

describe('piecewise in the stock tslab kernel', () => {
  let client: Client;
  // The folder of the notebooks: from there the package resolves by its name.
  before(async () => {
    client = await Client.start({ argv: TSLAB, cwd: join(__dirname, '..', '..', 'notebooks') });
  });
  after(() => client.stop());

  const shown = async (code: string) => {
    const { outputs } = await client.run(code);
    const texts = outputs.filter(({ type }) => type === 'stream').map(({ content }) => String(content.text));
    const bundles = outputs.filter(({ type }) => type === 'display_data').map(({ content }) => content.data);
    return { texts: texts.join(''), bundles: bundles as Record<string, string>[] };
  };

  it('takes a digit apart with an ordinary import', async () => {
    const { texts } = await shown(`
      import * as tf from '@tensorflow/tfjs-node';
      import { data, linearize, plot } from 'piecewise';
      const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
      const digits = await data.mnist('test');
      const lin = await linearize(model, digits.instance(0));
      const { relative } = await lin.residual();
      console.log(relative < 1e-5 ? 'sound' : relative);
    `);
    assert.match(texts, /^sound$/m);
  });

  it('shows one form per message, the script-free page', async () => {
    const { bundles, texts } = await shown('await plot(lin);');
    assert.deepEqual(bundles.map(Object.keys), [['text/html']], texts);
    assert.match(bundles[0]['text/html'], /= W·x .*<img alt="x, input"/s);
  });

  it('shows pictures of images', async () => {
    const { bundles } = await shown('await plot(digits.instance(0));');
    assert.deepEqual(bundles.map(Object.keys), [['text/html']]);
    assert.match(bundles[0]['text/html'], /<img [^>]*src="data:image\/png;base64,/);
  });
});
