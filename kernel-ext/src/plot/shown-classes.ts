import { Atlas } from '../atlas/atlas';
import { atlasBundle } from '../bundles/atlas/atlas-bundle';
import { censusBundle } from '../bundles/census/census-bundle';
import { embeddingBundle } from '../bundles/embedding/embedding-bundle';
import { linearizationBundle } from '../bundles/linearization/linearization-bundle';
import { pathBundle } from '../bundles/path/path-bundle';
import { sliceBundle } from '../bundles/slice/slice-bundle';
import { Census } from '../census/census';
import type { Bundle } from '../sink/sink';
import { Linearization } from '../linearization/linearization';
import { Path } from '../paths/path';
import { Slice } from '../slices/slice';
import { Embedding } from '../tsne';

/** A class whose instances show themselves, and the function that makes their bundle. */
export interface ShownClass {
  /** Methods are added to it in registrations.ts. */
  readonly prototype: object;
  shows(thing: object): boolean;
  bundleOf(thing: object, view: object): Bundle | Promise<Bundle>;
}

/** The classes whose instances show themselves, in `plot` and at the end of a cell. */
export const SHOWN_CLASSES: readonly ShownClass[] = [
  shown(Linearization, linearizationBundle),
  shown(Embedding, embeddingBundle),
  shown(Slice, sliceBundle),
  shown(Path, pathBundle),
  shown(Census, censusBundle),
  shown(Atlas, atlasBundle),
];

function shown<T extends object>(
  type: abstract new (...parts: never[]) => T,
  bundleOf: (thing: T, view: object) => Bundle | Promise<Bundle>,
): ShownClass {
  return {
    prototype: type.prototype as object,
    shows: thing => thing instanceof type,
    bundleOf: (thing, view) => bundleOf(thing as T, view),
  };
}
