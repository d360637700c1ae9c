import { debianRegistry } from './debian-registry';
import { checkOption, oneOf } from '../errors/check-options';
import type { DataOptions } from './data-options';
import { parseIdx } from './idx';
import { type ImageSet, LabeledData } from './labeled-data';
import { readPackageFiles, type PackageFiles } from './package-files';

const FOLDER = 'usr/share/datasets/fashion-mnist';

/** Fashion-MNIST (Xiao, Rasul, Vollgraf, arXiv 1708.07747) the four files of the authors, as in Debian's package. */
const FASHION_MNIST: PackageFiles = {
  registry: debianRegistry,
  hash: null,
  name: 'dataset-fashion-mnist',
  version: '0.0~git20200523.55506a9-1',
  megabytes: 31,
  files: [
    {
      path: `${FOLDER}/train-images-idx3-ubyte.gz`,
      bytes: 26421856,
      sha256: 'b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7',
    },
    {
      path: `${FOLDER}/train-labels-idx1-ubyte.gz`,
      bytes: 29491,
      sha256: '0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056',
    },
    {
      path: `${FOLDER}/t10k-images-idx3-ubyte.gz`,
      bytes: 4422079,
      sha256: 'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa',
    },
    {
      path: `${FOLDER}/t10k-labels-idx1-ubyte.gz`,
      bytes: 5125,
      sha256: '8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05',
    },
  ],
};

const NAMES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Fashion-MNIST: articles of clothing, 60,000 for training and 10,000 for testing; 28 × 28, float32 in 0…1. The first call
 * fetches Debian's dataset-fashion-mnist (31 MB) with apt-get download, so it needs Debian, Ubuntu or a relative.
 *
 * @param split which part; default 'test'
 * @throws {OptionError} for another split; {DataUnavailableError} if the data is not in the cache and cannot be fetched.
 */
export async function fashionMnist(
  split: 'train' | 'test' = 'test',
  options: DataOptions = {},
): Promise<ImageSet> {
  checkOption('data.fashionMnist', 'split', split, oneOf('train', 'test'));
  const stem = `${FOLDER}/${split === 'train' ? 'train' : 't10k'}`;
  const wanted = [`${stem}-images-idx3-ubyte.gz`, `${stem}-labels-idx1-ubyte.gz`];
  const [images, labels] = await readPackageFiles(FASHION_MNIST, wanted, options.onProgress);
  return new LabeledData({
    values: parseIdx(images, wanted[0]).values as Uint8Array,
    shape: [28, 28, 1],
    labels: parseIdx(labels, wanted[1]).values as Uint8Array,
    names: NAMES,
    scale: 255,
  });
}
