import { gunzipSync } from 'node:zlib';
import type { DataOptions } from './data-options';
import { type ImageSet, LabeledData, type Table } from './labeled-data';
import { parseCsv } from './parse-csv';
import { readPackageFiles, type PackageFiles } from './package-files';
import { pythonRegistry } from './python-registry';

const FOLDER = 'sklearn/datasets/data';

/** Small data sets inside PyPI's scikit-learn (Pedregosa et al. 2011). */
const SCIKIT_LEARN: PackageFiles = {
  registry: pythonRegistry,
  name: 'scikit-learn',
  version: '1.7.2',
  hash: 'e5bf3d930aee75a65478df91ac1225ff89cd28e9ac7bd1196853a9229b6adb0b',
  megabytes: 9,
  files: [
    {
      path: `${FOLDER}/digits.csv.gz`,
      bytes: 57523,
      sha256: '09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22',
    },
    {
      path: `${FOLDER}/iris.csv`,
      bytes: 2734,
      sha256: 'f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449',
    },
    {
      path: `${FOLDER}/wine_data.csv`,
      bytes: 11157,
      sha256: '10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede',
    },
    {
      path: `${FOLDER}/breast_cancer.csv`,
      bytes: 119913,
      sha256: 'fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed',
    },
  ],
};

const IRIS = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'];
const WINE = [
  'alcohol',
  'malic acid',
  'ash',
  'alcalinity of ash',
  'magnesium',
  'total phenols',
  'flavanoids',
  'nonflavanoid phenols',
  'proanthocyanins',
  'color intensity',
  'hue',
  'OD280/OD315 of diluted wines',
  'proline',
];
const CELL = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave points',
  'symmetry',
  'fractal dimension',
];
const BREAST_CANCER = ['mean', 'error', 'worst'].flatMap(kind =>
  CELL.map(name => (kind === 'error' ? `${name} error` : `${kind} ${name}`)),
);

/**
 * scikit-learn's digits: 1,797 handwritten digits of 8 × 8 pixels, float32 in 0…1 (16 levels of gray divided by 16). The
 * first call fetches PyPI's scikit-learn (9 MB) with pip.
 * @throws {DataUnavailableError} if the data is not in the cache and cannot be fetched.
 */
export async function digits(options: DataOptions = {}): Promise<ImageSet> {
  const path = `${FOLDER}/digits.csv.gz`;
  const [file] = await readPackageFiles(SCIKIT_LEARN, [path], options.onProgress);
  const { rows } = parseCsv(gunzipSync(file).toString(), path, { header: false });
  const numbers = rows.map(row => row.map(Number));
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  const pixels = Uint8Array.from(numbers.flatMap(row => row.slice(0, 64)));
  const labels = Uint8Array.from(numbers, row => row[64]);
  return new LabeledData({ values: pixels, shape: [8, 8, 1], labels, names, scale: 16 });
}

/** Fisher's iris: 150 flowers of 3 kinds, 4 lengths each. @throws {DataUnavailableError} as `digits` */
export const iris = (options: DataOptions = {}): Promise<Table> => table('iris.csv', IRIS, options);

/** Wines of 3 growers: 178 bottles, 13 measurements each. @throws {DataUnavailableError} as `digits` */
export const wine = (options: DataOptions = {}): Promise<Table> => table('wine_data.csv', WINE, options);

/** Breast cancer of Wisconsin: 569 tumors, 30 measurements each. @throws {DataUnavailableError} as `digits` */
export const breastCancer = (options: DataOptions = {}): Promise<Table> =>
  table('breast_cancer.csv', BREAST_CANCER, options);

/** The first line of these files has the numbers of rows and columns, then the names of the classes. */
async function table(file: string, columns: string[], options: DataOptions): Promise<Table> {
  const path = `${FOLDER}/${file}`;
  const [bytes] = await readPackageFiles(SCIKIT_LEARN, [path], options.onProgress);
  const [head, ...lines] = bytes.toString().trim().split('\n');
  const rows = lines.map(line => line.split(',').map(Number));
  const values = Float32Array.from(rows.flatMap(row => row.slice(0, columns.length)));
  const labels = Int32Array.from(rows, row => row[columns.length]);
  const names = head.trim().split(',').slice(2);
  return new LabeledData({ values, shape: [columns.length], labels, names, columns });
}
