import { isConstant, type Capture, type KernelCall } from '../capture/kernel-call';

/** For each activation the nearest layer before it at which a map can end, for an error about the next kernel to propose. */
export class WorkingLayers {
  private readonly nearest = new Map<number, { layer: string; order: number }>();

  constructor(private readonly capture: Capture) {}

  /** The nearest such layer on a path to a call; null if there is none. */
  before(call: KernelCall): string | null {
    return this.latest(call)?.layer ?? null;
  }

  /** Notes that a call has been frozen. @param moves whether its output moves with x, so that a map can end there. */
  add(call: KernelCall, moves: boolean): void {
    const before = this.latest(call);
    for (const { value } of call.outputs) {
      const ends = moves && this.capture.layers.get(call.layer) === value;
      const here = ends ? { layer: call.layer, order: call.ordinal } : before;
      if (here !== undefined) this.nearest.set(value, here);
    }
  }

  private latest(call: KernelCall): { layer: string; order: number } | undefined {
    const inputs = Object.values(call.inputs).flat();
    const known = inputs.flatMap(ref => {
      const found = ref === undefined || isConstant(ref) ? undefined : this.nearest.get(ref.value);
      return found === undefined ? [] : [found];
    });
    return known.sort((a, b) => b.order - a.order)[0];
  }
}
