import type { Linearization } from '../linearization/linearization';
import type { Path } from '../paths/path';
import type { TrainingState, Wish } from '../payload';
import type { Embedding } from '../tsne';
import { ShownThings } from './shown-things';

/** One instance of a linearization, as a view shows it. */
export interface ShownInstance {
  lin: Linearization;
  index: number;
}

/** A training run that is watched and that a view may steer. */
export interface SteeredTraining {
  steer(wish: Wish): TrainingState;
}

/** The things for which views have handles, so that they can ask about them. */
export const shownInstances = new ShownThings<ShownInstance>(
  64,
  ({ lin }) => lin.isDisposed,
  (a, b) => a.lin === b.lin && a.index === b.index,
);

export const shownEmbeddings = new ShownThings<Embedding | SteeredTraining>(
  16,
  thing => !isTraining(thing) && thing.isDisposed,
);

export const shownPaths = new ShownThings<Path>(16);

/** Whether views of this handle watch a training run, which has no embedding yet. */
export const isTraining = (thing: Embedding | SteeredTraining): thing is SteeredTraining => 'steer' in thing;
