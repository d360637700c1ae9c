import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { CertificateError } from '../errors';
import { readModelFile } from '../files/read-model-file';
import { partOf, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { loadOnnx } from '../onnx-file/load-onnx';
import type { OnnxModel } from '../onnx-file/onnx-model';
import { linearize } from './linearize';
import { type Certificate, pathOf } from '../regions/certificate';

/** One claim of a certificate, and whether it is confirmed. */
export interface Check {
  claim: string;
  ok: boolean;
  /** The claim of the certificate, and the result found here. */
  claimed: string;
  found: string;
}

/** Share of the largest number of its kind by which two float32 programs may differ; the largest seen is 2e-6. */
const ROUNDING = 1e-4;

/** Share of a distance that may be rounding: pre-activations near 0 are differences of larger numbers. */
const DISTANCE = 1e-2;

/**
 * Checks a certificate against a model: x is linearized again, and the results are compared.
 *
 * @param certificate what `lin.certificate()` returned
 * @param model the model that it was made with
 * @returns one check per claim; the certificate is confirmed if all are ok.
 * @throws CertificateError if it is not a certificate, and what `linearize` throws.
 *
 * @example
 * const lin = await linearize(model, x);
 * await verify(await lin.certificate(), model);
 */
export async function verify(certificate: Certificate, model: Model): Promise<Check[]> {
  assertCertificate(certificate);
  const { input } = certificate;
  const x = tf.tensor(numbersOf(input), input.shape);
  try {
    return await withWorkBar(inPercent('Verification'), {}, work => verifyAt(x, certificate, model, work));
  } finally {
    x.dispose();
  }
}

async function verifyAt(x: tf.Tensor, certificate: Certificate, model: Model, work: Work): Promise<Check[]> {
  const { to, radius } = certificate;
  const lin = await linearize(model, x, { to, ...partOf(work, 0, 0.1) });
  try {
    const { norm, ties, exact } = radius;
    return compared(certificate, await lin.certificate({ norm, ties, exact, ...partOf(work, 0.1, 1) }));
  } finally {
    lin.dispose();
  }
}

/**
 * Reads a certificate and the model that it names, and checks it.
 * @param file the certificate
 * @param modelFile where the model is; default: the file that the certificate names
 * @throws CertificateError
 */
export async function verifyFile(file: string, modelFile?: string): Promise<Check[]> {
  const certificate = parsed(await read(file), file);
  const named = certificate?.model?.file ?? null;
  if (modelFile === undefined && named === null)
    throw new CertificateError(`${file} does not name the file of its model; give it with --model`);
  const model = await loadModel(
    modelFile === undefined ? resolve(dirname(file), pathOf(named!)) : pathOf(modelFile),
  );
  try {
    return await verify(certificate, model);
  } finally {
    model.dispose();
  }
}

function compared(claimed: Certificate, found: Certificate): Check[] {
  const same = (claim: string, of: (c: Certificate) => string | number): Check => {
    const [a, b] = [String(of(claimed)), String(of(found))];
    return { claim, ok: a === b, claimed: a, found: b };
  };
  const close = (claim: string, of: (c: Certificate) => number[], share: number): Check => {
    const [a, b] = [of(claimed), of(found)];
    const scale = Math.max(0, ...b.map(Math.abs));
    const ok =
      a.length === b.length &&
      a.every((v, i) => Object.is(v, b[i]) || (Number.isFinite(b[i]) && Math.abs(v - b[i]) <= share * scale));
    return { claim, ok, claimed: listed(a), found: listed(b) };
  };
  return [
    same('model', c => c.model.sha256),
    same('input', c => c.input.sha256),
    same('activation pattern', c => c.region.sha256),
    close('F(x)', c => c.output, ROUNDING),
    close('b', c => c.bias, ROUNDING),
    close('W', c => c.weights.flatMap(({ norm, product }) => [norm, product]), ROUNDING),
    {
      ...close('residual', c => [sizeOf(c.residual.relative)], 1),
      ok: [claimed, found].every(({ residual }) => sizeOf(residual.relative) <= ROUNDING),
    },
    close('radius', c => [sizeOf(c.radius.distance)], DISTANCE),
  ];
}

/** JSON writes null for Infinity. */
const sizeOf = (size: number | null) => size ?? Infinity;

const listed = (numbers: readonly number[]) =>
  numbers
    .slice(0, 3)
    .map(v => v.toPrecision(6))
    .join(', ') + (numbers.length > 3 ? ', …' : '');

/** @throws CertificateError if the input has another number of bytes than its shape wants */
function numbersOf({ base64, shape }: Certificate['input']): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const wanted = shape.reduce((product, length) => product * length, 4);
  if (bytes.length !== wanted)
    throw new CertificateError(
      `its input of shape [${shape.join(', ')}] takes ${wanted} bytes, but it has ${bytes.length}`,
    );
  return new Float32Array(bytes.buffer);
}

/** What a certificate must have for its claims to be compared; what they claim may still be wrong. */
const PARTS: [string, (c: Certificate) => boolean][] = [
  ['model.sha256', ({ model }) => typeof model.sha256 === 'string'],
  ['model.file', ({ model }) => model.file === null || typeof model.file === 'string'],
  ['to', ({ to }) => typeof to === 'string'],
  ['input.shape', ({ input }) => Array.isArray(input.shape) && input.shape.every(isLength)],
  ['input.base64', ({ input }) => typeof input.base64 === 'string'],
  ['output', ({ output }) => isListOfNumbers(output)],
  ['bias', ({ bias }) => isListOfNumbers(bias)],
  ['weights', ({ weights }) => Array.isArray(weights) && weights.every(isChecksum)],
  ['radius.norm', ({ radius }) => ['l2', 'linf'].includes(radius.norm)],
  ['radius.ties', ({ radius }) => ['count', 'skip'].includes(radius.ties)],
  ['radius.exact', ({ radius }) => typeof radius.exact === 'boolean'],
];

const isLength = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isListOfNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every(each => typeof each === 'number');
const isChecksum = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  isListOfNumbers(['norm', 'product'].map(name => (value as Record<string, unknown>)[name]));

/** @throws CertificateError */
function assertCertificate(c: Certificate): void {
  if (c?.format !== 'piecewise.certificate' || c.version !== 1)
    throw new CertificateError(
      `it has the format ${JSON.stringify(c?.format)}, version ${JSON.stringify(c?.version)}`,
    );
  const missing = (
    ['model', 'input', 'region', 'output', 'bias', 'weights', 'residual', 'radius'] as const
  ).filter(name => typeof c[name] !== 'object' || c[name] === null);
  if (missing.length > 0) throw new CertificateError(`it has no ${missing.join(', ')}`);
  const wrong = PARTS.find(([, isRight]) => !isRight(c));
  if (wrong) throw new CertificateError(`its ${wrong[0]} is not what a certificate has there`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CertificateError(`${file} cannot be read`, { cause: error });
  }
}

function parsed(text: string, file: string): Certificate {
  try {
    return JSON.parse(text) as Certificate;
  } catch (error) {
    throw new CertificateError(`${file} is not JSON`, { cause: error });
  }
}

/** An ONNX file, a model.json with its weights in the same folder, or that folder. @throws CertificateError */
async function loadModel(location: string): Promise<tf.LayersModel | tf.GraphModel | OnnxModel> {
  try {
    if (/\.onnx$/i.test(location)) return await loadOnnx(location);
    const file = (await stat(location)).isDirectory() ? join(location, 'model.json') : location;
    const contents = await readModelFile(file);
    const handler = tf.io.fromMemory(contents);
    return contents.format === 'graph-model'
      ? await tf.loadGraphModel(handler)
      : await tf.loadLayersModel(handler);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CertificateError(`the model ${location} cannot be loaded: ${reason}`, { cause: error });
  }
}
