import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { data } from '../../kernel-ext/src';
import { Float32LossError, NpyFormatError, OptionError } from '../../kernel-ext/src/public-errors';
import { writtenByPython } from './python-files';

interface Saved {
  name: string;
  /** What NumPy makes of the numbers in float32, as text, row major. */
  float32: string[];
  /** Where the first number is that float32 does not hold; null: it holds all. */
  lost: number[] | null;
}

/** Arrays of NumPy. A number of type float counts as lost if float32 changes it by more than 2⁻²⁴ of itself, another if it changes at all. */
const SCRIPT = `import json
import numpy as np

np.seterr(all='ignore')
arrays = {
    'f8 kept': np.array([[0.1, -0.0, np.nan], [np.inf, -np.inf, 3.4028234e38]]),
    'f8 too large': np.array([[1, 2], [3, 1e39]]),
    'f8 negative, column-major': np.asfortranarray(np.array([[1, -1e300], [3, 4]])),
    'f8 too small, big endian': np.array([1.0, 1e-60]).astype('>f8'),
    'i4': np.array([2**24, -2**24 - 1], dtype='<i4'),
    'u4': np.array([[[2**32 - 1]]], dtype='>u4'),
    'i8 kept': np.array([-2**63, 2**62, 2**24], dtype='<i8'),
    'i8 beyond float64': np.array([0, 2**53 + 1], dtype='<i8'),
    'u8': np.array([[2**64 - 1]], dtype='>u8'),
    'i8 column-major': np.asfortranarray(np.arange(6, dtype='<i8').reshape(2, 3)),
    'booleans': np.array([True, False]),
}
saved = []
for name, array in arrays.items():
    np.save(name + '.npy', array)
    small = array.astype(np.float32)
    lost = None
    for at in np.ndindex(array.shape):
        value, other = array[at].item(), small[at].item()
        whole = isinstance(value, int)
        kept = value != value or value == other or (not whole and abs(other - value) <= 2**-24 * abs(value))
        if not kept and lost is None:
            lost = at
    saved.append({'name': name, 'float32': [str(v) for v in small.ravel().tolist()], 'lost': lost})
np.savez('several.npz', a=np.ones(2))
np.save('structured.npy', np.zeros(2, dtype=[('x', '<f4')]))
np.save('complex.npy', np.zeros(2, dtype='c8'))
np.save('text.npy', np.array(['1', '2']))
np.save('date.npy', np.array(['2020-01-01'], dtype='M8[D]'))
print(json.dumps(saved))`;

const text = (value: number): string =>
  Number.isNaN(value) ? 'nan' : Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'inf');

describe('numbers that float32 does not hold', () => {
  let folder: string;
  let saved: Saved[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'piecewise-float32-'));
    saved = writtenByPython<Saved[]>(SCRIPT, folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('data.npy refuses them, and rounds them as NumPy does on request', async () => {
    for (const { name, float32, lost } of saved) {
      const path = join(folder, `${name}.npy`);
      const expected = float32.map(value => text(Number(value.replace('inf', 'Infinity'))));
      const read = async (round: boolean) => {
        const tensor = await data.npy(path, { round });
        const values = Array.from(tensor.dataSync(), text);
        tensor.dispose();
        return values;
      };
      const isLost = (e: unknown) =>
        e instanceof Float32LossError && e.message.includes(`at [${lost!.join(', ')}] is`);
      if (lost) await assert.rejects(read(false), isLost, name);
      else assert.deepEqual(await read(false), expected, name);
      if (lost && expected.some(value => value.includes('inf')))
        await assert.rejects(read(true), isLost, name);
      else assert.deepEqual(await read(true), expected, name);
    }
  });

  it('data.npy refuses archives, versions and types that it does not know', async () => {
    for (const name of ['several.npz', 'structured.npy', 'complex.npy', 'text.npy', 'date.npy'])
      await assert.rejects(data.npy(join(folder, name)), NpyFormatError, name);
    const version = Buffer.from('\x93NUMPY\x04\x00', 'latin1');
    await writeFile(join(folder, 'version.npy'), version);
    await assert.rejects(data.npy(join(folder, 'version.npy')), /version is 4/);
    const round = 'no' as unknown as boolean;
    await assert.rejects(data.npy(join(folder, 'i4.npy'), { round }), OptionError);
  });

  it('data.idx gives the numbers of the file, and refuses a tensor of them', async () => {
    const bytes = Buffer.from([0, 0, 0x0c, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 0, 0, 1]);
    await writeFile(join(folder, 'whole.idx'), bytes);
    const array = await data.idx(join(folder, 'whole.idx'));
    assert.deepEqual([...array.values], [2 ** 24, 2 ** 24 + 1]);
    assert.throws(() => array.toTensor(), Float32LossError);
    const rounded = array.toTensor({ round: true });
    assert.deepEqual([...rounded.dataSync()], [2 ** 24, 2 ** 24]);
    rounded.dispose();
  });
});
