import type { ExplainedInstance } from '../linearization/explained-instance';
import type { Linearization } from '../linearization/linearization';
import { TokenInstance } from '../linearization/token-instance';
import type { TargetedInstance } from '../linearization/targeted-instance';
import type { Path } from '../paths/path';
import type { TrainingState, Wish } from '../payload';
import type { Embedding } from '../tsne';
import { ShownThings } from './shown-things';

/** One instance of a linearization, as a view shows it. */
export interface ShownInstance {
  lin: Linearization;
  index: number;
  /** The instance with a target as its only output; absent: all outputs are shown. */
  target?: TargetedInstance;
}

/** The outputs that a view of an instance explains, by token where the tokens have texts. */
export function explainedIn({ lin, index, target }: ShownInstance): ExplainedInstance {
  const instance = target ?? lin.instance(index);
  return lin.tokens === null ? instance : new TokenInstance(instance);
}

/** A training run that is watched and that a view may steer. */
export interface SteeredTraining {
  steer(wish: Wish): TrainingState;
}

/** The things for which views have handles, so that they can ask about them. */
export const shownInstances = new ShownThings<ShownInstance>(
  64,
  ({ lin }) => lin.isDisposed,
  (a, b) => a.lin === b.lin && a.index === b.index && a.target === b.target,
);

export const shownEmbeddings = new ShownThings<Embedding | SteeredTraining>(
  16,
  thing => !isTraining(thing) && thing.isDisposed,
);

export const shownPaths = new ShownThings<Path>(16);

/** Whether views of this handle watch a training run, which has no embedding yet. */
export const isTraining = (thing: Embedding | SteeredTraining): thing is SteeredTraining => 'steer' in thing;
