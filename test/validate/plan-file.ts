import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { wholeMapProgram } from '../../kernel-ext/src/plan/whole-map';
import { numbersOf } from '../../kernel-ext/src/run/onnx-model';

/** Writes the plan of F(x), b and all of W for N instances as plan.json and constants.bin. */
export async function writePlan(model: LayersModel, shape: readonly number[], folder: string): Promise<void> {
  const x = tf.zeros([...shape]);
  const { plan } = await Compiled.of(sourceOf(model), x, shape[0]);
  x.dispose();
  const { graph } = plan;
  const outputs = { x: plan.x, y: plan.y, b: plan.bias, w: wholeMapProgram(plan).w };
  let at = 0;
  const constants = graph.constants.map(({ shape: own }) => {
    const size = own.reduce((a, b) => a * b, 1);
    at += size;
    return { shape: own, from: at - size, size };
  });
  const numbers = new Float32Array(at);
  graph.constants.forEach((constant, i) => numbers.set(numbersOf(constant), constants[i].from));
  writeFileSync(path.join(folder, 'constants.bin'), numbers);
  writeFileSync(
    path.join(folder, 'plan.json'),
    JSON.stringify({ ...outputs, nodes: graph.nodes, constants }),
  );
}
