import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import type { Photographed } from '../networks/photographed';
import { peerEnvironment } from './peer-environment';

/** Above this many outputs, only some rows are computed. */
const MOST_OUTPUTS = 20;

/** Rows of W by PyTorch in float64, from the saved model, or the reason why there are none. */
export async function float64Rows(
  { rows, contrasts }: Photographed,
  model: tf.LayersModel | tf.GraphModel,
  x: tf.Tensor,
): Promise<Map<number, Float64Array> | string> {
  if (!('layers' in model) || contrasts !== undefined) return 'PyTorch does not read this file format';
  if (rows.length > MOST_OUTPUTS || (model.outputs[0].shape.at(-1) ?? 0) !== rows.length)
    return 'only some of the rows are compared';
  const { python, missing } = peerEnvironment();
  if (missing.has('torch')) return `no PyTorch: ${missing.get('torch')}`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'piecewise-float64-'));
  try {
    await model.save(`file://${folder}`);
    writeFileSync(path.join(folder, 'x.bin'), await x.data<'float32'>());
    const script = path.join(__dirname, 'peers', 'float64_rows.py');
    const shape = JSON.stringify([1, ...x.shape]);
    const { status, stderr } = spawnSync(python, [script, folder, shape], { encoding: 'utf8' });
    if (status !== 0) return stderr.trim().split('\n').at(-1)!;
    const numbers = new Float64Array(new Uint8Array(readFileSync(path.join(folder, 'w.bin'))).buffer);
    return new Map(rows.map((c, i) => [c, numbers.subarray(i * x.size, (i + 1) * x.size)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
