import type { ISignal } from '@lumino/signaling';

/** Why an answer of the kernel takes long: the kernel is computing something else, or the connection is being restored. */
export type Delay = 'busy' | 'reconnecting';

/** Whatever may keep a person waiting. */
export interface Delaying {
  /** null: nobody has been waiting for long. */
  readonly delay: Delay | null;
  /** Fires when `delay` may have changed. */
  readonly delayed: ISignal<unknown, void>;
}
