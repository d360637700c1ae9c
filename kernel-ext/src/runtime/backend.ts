/** The backends of tfjs that Piecewise uses, best first. */
export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;

/** `tensorflow` is the native library behind tfjs-node. */
export type Backend = (typeof BACKENDS)[number];

export type Tfjs = typeof import('@tensorflow/tfjs');

/** A running backend: the current one of tfjs, which has multiplied two matrices correctly. */
export interface StartedBackend {
  tf: Tfjs;
  /** Version of what computes: TensorFlow's library, the WASM package or the CPU package. */
  version: string;
}

/** How one backend is started. */
export interface BackendStarter {
  backend: Backend;
  /** What computes, in words. */
  label: string;
  /** Makes it the current backend of tfjs; throws if it does not run here. */
  start(): Promise<StartedBackend>;
}
