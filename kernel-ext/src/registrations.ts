import { inspect } from 'node:util';
import { PRINTED_CLASSES } from './plot/printed-classes';
import { SHOWN_CLASSES } from './plot/shown-classes';
import { DISPLAY } from './sink/sink';

/**
 * Lets what `plot` shows show itself at the end of a cell, and tensors, data sets and layers print in one line. Called once, when
 * `piecewise` is loaded; it is not in the classes because they belong to rooms to the left of their bundles.
 */
export function register(): void {
  for (const { prototype, bundleOf } of SHOWN_CLASSES)
    Object.defineProperty(prototype, DISPLAY, {
      value(this: object) {
        return bundleOf(this, {});
      },
    });
  for (const { prototype, print } of PRINTED_CLASSES)
    Object.defineProperty(prototype, inspect.custom, {
      value(this: object) {
        return this === prototype ? this : print(this);
      },
      configurable: true,
    });
}
