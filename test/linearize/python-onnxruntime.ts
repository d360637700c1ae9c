import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The numbers of an array, row major. */
export interface Numbers {
  dims: readonly number[];
  data: ArrayLike<number>;
}

export type Arrays = Record<string, Numbers>;

/** Runs an ONNX file in Python's onnxruntime. */
export function inPython(file: string, inputs: Arrays): Arrays {
  const script = path.join(__dirname, 'run-onnx-file.py');
  const { status, stdout, stderr } = spawnSync('python3', [script, file], {
    input: JSON.stringify(inputs),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Arrays;
}
