import { asFields, asSize, own } from './fields';

/**
 * max|F(x) − (W·x + b)|: absolute, relative to max|F(x)|, and in units in the last place (ulps) of max|F(x)|. Where F(x) is 0,
 * the largest Σ|terms| of an output takes the place of max|F(x)|. Infinity, which JSON writes as null, where W·x + b overflows
 * float32.
 */
export interface Residual {
  absolute: number;
  relative: number;
  ulps: number;
}

/**
 * The largest relative residual that float32 rounding explains: the deepest networks tested stay below it. A larger one
 * means that W and b do not reproduce the network.
 */
const SOUND_RESIDUAL = 1e-4;

/** Whether rounding alone explains the residual. */
export const isSound = ({ relative }: Residual): boolean => relative <= SOUND_RESIDUAL;

/** @throws {MalformedPayloadError} */
export function readResidual(value: unknown, field = 'residual'): Residual {
  const fields = asFields(value, field);
  const read = (key: keyof Residual) => asSize(own(fields, key), `${field}.${key}`);
  return { absolute: read('absolute'), relative: read('relative'), ulps: read('ulps') };
}
