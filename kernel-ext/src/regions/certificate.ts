import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { OptionKind } from '../errors/check-options';
import type { SingleInstance } from '../linear-map/single-instance';
import type { Residual } from '../linear-map/residual-sum';
import { partOf, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { modelHash } from './model-hash';
import { radiusAt, type Radius, type RadiusOptions } from './radius';
import { regionAt } from './region';

/** What is certified besides the numbers at x. */
export interface CertificateOptions extends RadiusOptions {
  /**
   * Where `piecewise verify` finds the model: its model.json, the folder of that, or its ONNX file, with or without `file://`. A relative path starts
   * at the certificate's folder.
   */
  model?: string;
}

/** A web address would have to be fetched, which `piecewise verify` does not do. */
export const MODEL_FILE: OptionKind = {
  fits: model => typeof model === 'string' && !/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(model),
  wanted: "the path of the model's file or folder on the disk, such as 'models/mnist-cnn/model.json'",
};

/** A path, also where it is given as TensorFlow.js takes it: `file://` before any path. */
export const pathOf = (model: string): string => model.replace(/^file:\/\//i, '');

/** W and b at one input, and how far they remain exact, in a form that another machine can check. Plain JSON. */
export interface Certificate {
  format: 'piecewise.certificate';
  version: 1;
  made: { piecewise: string; tfjs: string; node: string; backend: string };
  precision: 'float32';
  model: { file: string | null; sha256: string };
  /** The end of the map, as the option `to` names it. */
  to: string;
  /** x, float32 in little endian as base64. */
  input: { shape: number[]; sha256: string; base64: string };
  region: { units: number; sha256: string };
  /** F(x) and b, [C]. */
  output: number[];
  bias: number[];
  /** Checksums of W: for two fixed u of ±1, the l2 norm of u·W, and u·W·x. */
  weights: { norm: number; product: number }[];
  /** The residual of W·x + b = F(x). */
  residual: Residual;
  /** Distances are null where nothing can switch, since JSON has no Infinity. */
  radius: Pick<Radius, 'norm' | 'exact' | 'unit' | 'touching'> & {
    distance: number | null;
    lower: number | null;
    ties: 'count' | 'skip';
  };
}

/** How many u the checksums of W use. */
const CHECKSUMS = 2;

/** @throws NoRegionError, AbortError */
export async function certificateAt(
  single: SingleInstance,
  claims: Claims,
  options: CertificateOptions,
): Promise<Certificate> {
  return withWorkBar(inPercent('Certificate'), options, work =>
    claimed(single, claims, { ...options, ...work }),
  );
}

/** What a certificate claims of the map itself: where it ends, and its residual. */
interface Claims {
  to: string;
  residual(work: Work): Promise<Residual>;
}

async function claimed(
  single: SingleInstance,
  { to, residual }: Claims,
  { model, ...options }: CertificateOptions,
): Promise<Certificate> {
  const { network, x } = single;
  const numbers = Float32Array.from(await x.data());
  const { units, hash } = await regionAt(single);
  const measured = await residual(partOf(options, 0, 0.1));
  const found = await radiusAt(single, { ...options, ...partOf(options, 0.1, 1) });
  const { point, distance, lower, ...radius } = found;
  point?.dispose();
  const bytes = Buffer.from(numbers.buffer);
  return {
    format: 'piecewise.certificate',
    version: 1,
    made: {
      piecewise: ownVersion(),
      tfjs: tf.version.tfjs,
      node: process.versions.node,
      backend: tf.getBackend(),
    },
    precision: 'float32',
    model: { file: model === undefined ? null : pathOf(model), sha256: modelHash(network.plan) },
    to,
    input: { shape: x.shape, sha256: sha256(bytes), base64: bytes.toString('base64') },
    region: { units, sha256: hash },
    output: [...(await network.output.data())],
    bias: [...(await network.bias.data())],
    weights: await checksums(single, numbers),
    residual: measured,
    radius: { ...radius, distance: orNull(distance), lower: orNull(lower), ties: options.ties ?? 'count' },
  };
}

const orNull = (distance: number): number | null => (Number.isFinite(distance) ? distance : null);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function checksums({ network }: SingleInstance, x: Float32Array): Promise<Certificate['weights']> {
  let state = 1;
  const sign = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) < 0 ? -1 : 1);
  const signs = Float32Array.from({ length: CHECKSUMS * network.outputs }, sign);
  const u = tf.tensor2d(signs, [CHECKSUMS, network.outputs]);
  try {
    const pulled = await network.pullBack(u);
    const rows = await pulled.data();
    pulled.dispose();
    return Array.from({ length: CHECKSUMS }, (_, i) => {
      const row = rows.subarray(i * x.length, (i + 1) * x.length) as Float32Array;
      const product = row.reduce((sum, w, k) => sum + w * x[k], 0);
      return { norm: Math.sqrt(row.reduce((sum, w) => sum + w * w, 0)), product };
    });
  } finally {
    u.dispose();
  }
}

/** Two folders up, whether this runs from src or from the build. */
const ownVersion = () =>
  (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string })
    .version;
