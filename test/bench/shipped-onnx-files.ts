import * as tf from '@tensorflow/tfjs-node';
import type { PackageFile, PackageFiles } from '../../kernel-ext/src/data/package-files';

/** x by the names of the inputs. */
export type Inputs = Readonly<Record<string, tf.Tensor>>;

/** An ONNX file in a Python package, and an input for it. */
export interface ShippedFile extends PackageFile {
  source: Omit<PackageFiles, 'registry' | 'files'>;
  inputs: () => Inputs;
  /** The output to explain, where there are several. */
  to?: string;
  /** The inputs of floats that are held, since their first axis holds no instances. */
  held?: readonly string[];
}

const rapidocr = { name: 'rapidocr-onnxruntime', version: '1.4.4', megabytes: 15, hash: '971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf' }; // prettier-ignore
const nudenet = { name: 'nudenet', version: '3.4.2', megabytes: 11, hash: '5937dbd84e5d8e5de038f08ffea5a1bb50a08475776bf2b4795914ce0eaf0331' }; // prettier-ignore
const magika = { name: 'magika', version: '1.0.3', megabytes: 3, hash: '938d8e033953f2ddeb8c35dc423aa289ca116bfa7a71a778f6e77460f9025803' }; // prettier-ignore
const pitch = { name: 'basic-pitch', version: '0.4.0', megabytes: 1, hash: '738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0' }; // prettier-ignore
const silero = { name: 'silero-vad', version: '6.2.3', megabytes: 11, hash: '7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8' }; // prettier-ignore

/** A smooth picture with edges, between −1 and 1. */
function picture(height: number, width: number, low = -1): tf.Tensor {
  const values = Float32Array.from({ length: 3 * height * width }, (_, i) => {
    const [c, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    const stripes = Math.sin((row + 2 * c) / 5) * Math.cos(column / (7 + c));
    const edge = column % 24 < 8 && row % 16 > 5 ? -0.4 : 0.2;
    return low + ((1 - low) * (stripes * 0.6 + edge + 1)) / 2;
  });
  return tf.tensor(values, [1, 3, height, width]);
}

/**
 * A chord of three tones that swells, in noise: networks of sounds take roots and logarithms of spectra, whose slopes are infinite
 * where nothing sounds.
 */
function sound(size: number, rate: number): Float32Array {
  const noise = tf.randomUniform([size], 0, 1, 'float32', 5).dataSync<'float32'>();
  return Float32Array.from({ length: size }, (_, i) => {
    const t = i / rate;
    const chord = [220, 277.2, 329.6].reduce((sum, tone) => sum + Math.sin(2 * Math.PI * tone * t), 0);
    return (0.2 + 0.1 * Math.sin(9 * t)) * chord + 0.2 * (noise[i] - 0.5);
  });
}

const speech = (size = 512): Inputs => ({
  input: tf.tensor(sound(size, 16_000), [1, size]),
  state: tf.randomNormal([2, 1, 128], 0, 0.3, 'float32', 3),
});
const withRate = (): Inputs => ({ ...speech(), sr: tf.scalar(16_000, 'int32') });

/** The first and last bytes of a small Python program, as magika reads them. */
function program(): tf.Tensor {
  const text =
    'import sys\n\ndef main():\n    for line in sys.stdin:\n        print(line.strip())\n\nmain()\n';
  const bytes = [...Buffer.from(text)];
  const padding = Array<number>(1024 - bytes.length).fill(256);
  return tf.tensor([...bytes, ...padding, ...padding, ...bytes], [1, 2048], 'int32');
}

export const shippedFiles: readonly ShippedFile[] = [
  {
    source: rapidocr,
    path: 'rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    ...{ bytes: 585_532, sha256: 'e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c' },
    inputs: () => ({ x: picture(48, 192) }),
  },
  {
    source: rapidocr,
    path: 'rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx',
    ...{ bytes: 4_745_517, sha256: 'd2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9' },
    inputs: () => ({ x: picture(64, 96) }),
  },
  {
    source: rapidocr,
    path: 'rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx',
    ...{ bytes: 10_857_958, sha256: '48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b' },
    inputs: () => ({ x: picture(48, 64) }),
  },
  {
    source: nudenet,
    path: 'nudenet/320n.onnx',
    ...{ bytes: 12_150_158, sha256: 'c15d8273adad2d0a92f014cc69ab2d6c311a06777a55545f2c4eb46f51911f0f' },
    inputs: () => ({ images: picture(320, 320, 0) }),
  },
  {
    source: magika,
    path: 'magika/models/standard_v3_3/model.onnx',
    ...{ bytes: 3_163_737, sha256: 'fe2d2eb49c5f88a9e0a6c048e15d6ffdf86235519c2afc535044de433169ec8c' },
    inputs: () => ({ bytes: program() }),
  },
  {
    source: pitch,
    path: 'basic_pitch/saved_models/icassp_2022/nmp.onnx',
    ...{ bytes: 230_444, sha256: '2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec' },
    inputs: () => ({ 'serving_default_input_2:0': tf.tensor(sound(43_844, 22_050), [1, 43_844, 1]) }),
    to: 'StatefulPartitionedCall:1',
  },
  ...(
    [
      [
        'silero_vad.onnx',
        2_327_524,
        '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
        withRate,
      ],
      [
        'silero_vad_16k_op15.onnx',
        1_289_603,
        '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49',
        withRate,
      ],
      [
        'silero_vad_half.onnx',
        1_280_395,
        '1e0b195ad4806595ef4466f419d16fca7e4afcfc6669b8c0b5f76ea87547c769',
        speech,
      ],
      [
        'silero_vad_op18_ifless.onnx',
        2_845_718,
        '7671cd04b004e9076da0d4a7b1a5aec36adf161c39230c1cb94a4fd5db6bbd28',
        withRate,
      ],
      [
        'silero_vad_openvino_16k.onnx',
        1_288_203,
        '7776b81ad1b0350c15d7f1555943b9232eb53e9ca5d989c6d0cea9ebc8664d87',
        () => speech(576),
      ],
    ] as const
  ).map(([name, bytes, sha256, inputs]) => ({
    ...{
      source: silero,
      path: `silero_vad/data/${name}`,
      bytes,
      sha256,
      inputs,
      to: 'output',
      held: ['state'],
    },
  })),
];
