import type { ISignal } from '@lumino/signaling';

/** Why an answer of the kernel takes its time: something else is computed, or the connection to it is being made again. */
export type Delay = 'busy' | 'reconnecting';

/** Who may keep a person waiting. */
export interface Delaying {
  /** null: nobody has been waiting for long. */
  readonly delay: Delay | null;
  /** Fires when `delay` may have changed. */
  readonly delayed: ISignal<unknown, void>;
}
