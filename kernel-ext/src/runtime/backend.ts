/** The backends of tfjs that Piecewise uses, best first. */
export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;

/** `tensorflow` is the native library behind tfjs-node. */
export type Backend = (typeof BACKENDS)[number];

export type Tfjs = typeof import('@tensorflow/tfjs');

/** A backend that runs: it is tfjs's current one, and has multiplied two matrices correctly. */
export interface StartedBackend {
  tf: Tfjs;
  /** Of what computes: TensorFlow's library, the WASM package, the CPU package. */
  version: string;
}

/** How one backend is started. */
export interface BackendStarter {
  backend: Backend;
  /** For people: what computes. */
  label: string;
  /** Makes it tfjs's current backend; throws if it cannot be had. */
  start(): Promise<StartedBackend>;
}
