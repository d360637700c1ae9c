import type { Call, Fixed, Frozen, Rule, Value } from './rule';

/** From here on a float32 has no digits behind the point; so adding it rounds, half to even, as IEEE 754 says. */
const WHOLE = 2 ** 23;

/** Steps between whole numbers: gates, the same on the whole linear region. */
const step = (kernel: string, of: (z: Value | Fixed, f: Frozen) => Fixed): Rule => ({
  kernel,
  freeze: (call: Call, f: Frozen) => of(call.input('x'), f),
});

export const rounding: Rule[] = [step('Round', rounded), step('Floor', floorOf), step('Ceil', ceilingOf)];

/** Toward 0, as a cast to int32 does. */
export function truncated(z: Value | Fixed, f: Frozen): Fixed {
  return f.times(signOf(z, f), floorOf(magnitudeOf(z, f), f));
}

export function signOf(z: Value | Fixed, f: Frozen): Fixed {
  return f.plus(f.greater(z, f.number(0)), f.times(f.number(-1), f.greater(f.number(0), z)));
}

const magnitudeOf = (z: Value | Fixed, f: Frozen) => f.times(z, signOf(z, f));

function rounded(z: Value | Fixed, f: Frozen): Fixed {
  const magnitude = magnitudeOf(z, f);
  const large = f.greater(magnitude, f.number(WHOLE));
  const whole = f.plus(f.plus(magnitude, f.number(WHOLE)), f.number(-WHOLE));
  const result = f.plus(f.times(large, magnitude), f.times(f.not(large), whole));
  return f.times(signOf(z, f), result);
}

/** The nearest whole number, or the one below. */
function floorOf(z: Value | Fixed, f: Frozen): Fixed {
  const nearest = rounded(z, f);
  return f.plus(nearest, f.times(f.number(-1), f.greater(nearest, z)));
}

function ceilingOf(z: Value | Fixed, f: Frozen): Fixed {
  const nearest = rounded(z, f);
  return f.plus(nearest, f.greater(z, nearest));
}
