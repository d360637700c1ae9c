import type { ISignal } from '@lumino/signaling';
import type { Delay, Delaying } from './delay';
import type { LiveKernel } from './live-kernel';

/** What a view asks of the kernel of its notebook; each kind of view adds its own questions. */
export class KernelLink implements Delaying {
  constructor(protected readonly kernel: LiveKernel) {}

  /** Whether there is a kernel to ask now. */
  get isAvailable(): boolean {
    return this.kernel.isAvailable;
  }

  get delay(): Delay | null {
    return this.kernel.delay;
  }

  get delayed(): ISignal<unknown, void> {
    return this.kernel.delayed;
  }
}
