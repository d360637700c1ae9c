import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFile } from '../../kernel-ext/src/files/read-model-file';

const TOPOLOGY = {
  class_name: 'Sequential',
  config: { layers: [{ class_name: 'Dense', config: { units: 2 } }] },
};

describe('readModelFile', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'piecewise-model-'));
    await mkdir(join(folder, 'model', 'below'), { recursive: true });
    for (const name of ['outside', 'model/a', 'model/below/b'])
      await writeFile(join(folder, name), Buffer.alloc(8, 1));
  });
  after(() => rm(folder, { recursive: true }));

  async function read(paths: unknown[], weights: object[], modelTopology: object = TOPOLOGY) {
    const file = join(folder, 'model', 'model.json');
    await writeFile(file, JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights }] }));
    return readModelFile(file);
  }
  const weight = (shape: unknown, dtype = 'float32') => [{ name: 'w', shape, dtype }];

  it('joins the weights of its folder and of folders below', async () => {
    const { weightData, weightSpecs } = await read(['a', 'below/../below/b'], weight([2, 2]));
    assert.deepEqual(new Uint8Array(weightData as ArrayBuffer), new Uint8Array(16).fill(1));
    assert.deepEqual(weightSpecs, weight([2, 2]));
  });

  for (const path of ['../outside', 'below/../../outside', '/etc/hosts', '..', '', '.', 7])
    it(`reads nothing outside its folder: ${JSON.stringify(path)}`, async () => {
      await assert.rejects(read([path], weight([2])), /outside its folder|not a text/);
    });

  it('compares sizes with the bytes that are there', async () => {
    for (const shape of [[3], [1e9], [2, 1e9], [-2], [0.5], [2 ** 60], null, 'x'])
      await assert.rejects(read(['a'], weight(shape)), /its weight/);
    for (const dtype of ['float64', '__proto__', 'toString'])
      await assert.rejects(read(['a'], weight([1], dtype)), /unknown type/);
    for (const [key, size] of [
      ['units', 1e9],
      ['filters', 9],
      ['input_dim', 1e12],
    ] as const)
      await assert.rejects(
        read(['a'], weight([2]), { layers: [{ config: { [key]: size } }] }),
        /one of its layers/,
      );
    const small = { name: 'w', shape: [8], dtype: 'float32', quantization: { dtype: 'uint8' } };
    assert.equal((await read(['a'], [small])).weightSpecs.length, 1);
  });
});
