/** The Python of the wheel that started this process; undefined if no wheel did. */
export const wheelPython = (): string | undefined => process.env.PIECEWISE_WHEEL_PYTHON || undefined;

/** @returns how to get TensorFlow's native library, as a clause: "run …" */
export function nativeRemedy(): string {
  return wheelPython()
    ? 'run `pip install tensorflow-cpu==2.21.0` (arm64: `tensorflow==2.21.0`) in the same environment, 280 MB'
    : 'run `npm run setup` in the folder of Piecewise';
}
