import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { data, IdxFormatError } from '../../kernel-ext/src/data';
import { parseIdx } from '../../kernel-ext/src/data/idx';

/** [2, 3] of int16: −2 … 3, big endian, written by hand from the format's description. */
const INT16 = Buffer.from('00000b02' + '00000002' + '00000003' + 'fffeffff0000000100020003', 'hex');

describe('data.idx', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-idx-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  const written = async (name: string, bytes: Buffer) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };

  it('reads shape and big endian values', async () => {
    const array = await data.idx(await written('plain', INT16));
    assert.deepEqual(array.shape, [2, 3]);
    assert.deepEqual(array.values, Int16Array.of(-2, -1, 0, 1, 2, 3));
    const tensor = array.toTensor();
    assert.deepEqual([tensor.shape, tensor.dtype], [[2, 3], 'float32']);
    assert.deepEqual(tensor.dataSync(), Float32Array.of(-2, -1, 0, 1, 2, 3));
    tensor.dispose();
  });

  it('unpacks gzip', async () => {
    assert.deepEqual((await data.idx(await written('packed.gz', gzipSync(INT16)))).shape, [2, 3]);
  });

  it('takes no memory for what a gzipped file promises or hides', () => {
    const head = (count: number) =>
      Buffer.from([0, 0, 14, 1, ...new Uint8Array(Uint32Array.of(count).buffer).reverse()]);
    const promises = gzipSync(head(1e9));
    const hides = gzipSync(Buffer.concat([head(1), Buffer.alloc(2 ** 24)]));
    for (const [file, reason] of [
      [promises, /more than .* gzipped bytes can hold/],
      [hides, /unpacks to more than the 16 bytes/],
      [hides.subarray(0, 20), /two zero bytes/],
    ] as const)
      assert.throws(
        () => parseIdx(file, 'x'),
        (e: unknown) => e instanceof IdxFormatError && reason.test(e.message),
      );
  });

  it('refuses a truncated file, extra bytes, a wrong start and an unknown type', async () => {
    const float = Buffer.from(INT16);
    float[2] = 0x0f;
    const wrong = [INT16.subarray(0, -1), Buffer.concat([INT16, INT16]), Buffer.from('PNG and so on'), float];
    wrong.push(INT16.subarray(0, 6), Buffer.alloc(0));
    for (const bytes of wrong) await assert.rejects(data.idx(await written('wrong', bytes)), IdxFormatError);
  });
});
