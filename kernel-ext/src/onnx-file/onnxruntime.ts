import { installedSink } from '../sink/current-sink';

/** Calls onnxruntime, which ends the process if its native code is cut in the middle. */
export async function uncut<T>(call: () => Promise<T>): Promise<T> {
  const release = installedSink()?.hold?.('a run of onnxruntime to end');
  try {
    return await call();
  } finally {
    release?.();
  }
}

/** Loaded at the first use; an `import()` at each run would take longer than a small network. */
export const onnxruntime = () => (loading ??= uncut(() => import('onnxruntime-node')));
let loading: Promise<typeof import('onnxruntime-node')> | undefined;
