import { tileDone, type Work } from '../linear-map/work';

/** Work in steps, which its caller may watch and stop: yields the fraction that is done after each step, and returns the result. */
export type Steps<T> = Generator<number, T, void>;

/** Does all steps at once. */
export function resultOf<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does the steps, and looks between them whether the work is still wanted. @throws AbortError */
export async function watchedResultOf<T>(steps: Steps<T>, work: Work): Promise<T> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await tileDone(work, step.value);
    }
  } finally {
    // Runs the `finally` blocks of steps that were stopped, which free their tensors.
    steps.return(undefined as never);
  }
}
