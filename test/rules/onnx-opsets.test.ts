import assert from 'node:assert/strict';
import { useBackend } from '../backend';
import { casesOf, operators, verdictOf } from './onnx-opsets/sweep';

/** What onnxruntime itself does not run. */
const NOT_RUN = /onnxruntime cannot run it/;

/** Versions that rules tell apart, besides the oldest one of each operator; `npm run bench:onnx-opsets` runs all of them. */
const APART: Readonly<Record<string, number>> = {
  Clip: 11,
  GroupNormalization: 21,
  Max: 8,
  Min: 8,
  Pad: 19,
  ReduceMax: 18,
  Resize: 11,
  ScatterElements: 18,
  ScatterND: 18,
  Slice: 10,
  Softmax: 13,
  TopK: 11,
  Upsample: 9,
};

describe('operators of ONNX as older versions of the operator set write them', () => {
  useBackend('tensorflow');

  it('have F, W and b of onnxruntime in each of their forms', async function () {
    this.timeout(300_000);
    const faults: string[] = [];
    const passed = new Set<string>();
    for (const operator of operators()) {
      const cases = casesOf(operator);
      for (const one of cases.filter(({ version }) =>
        [cases[0].version, APART[operator]].includes(version),
      )) {
        const verdict = await verdictOf(one);
        if (verdict === null) passed.add(operator);
        else if (!('refused' in verdict && NOT_RUN.test(verdict.refused)))
          faults.push(`${operator} ${one.version} ${one.form.title ?? ''}: ${JSON.stringify(verdict)}`);
      }
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(
      operators().filter(operator => !passed.has(operator)),
      [],
    );
  });
});
