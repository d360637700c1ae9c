import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

/** From here on, a float32 has no fractional digits; so adding it rounds, half to even, as IEEE 754 specifies. */
const WHOLE = 2 ** 23;

/** Steps between whole numbers: gates, the same on the whole linear region. */
const step = (kernel: string, of: (z: Value | Fixed, write: StepWriter) => Fixed): Rule => ({
  kernel,
  freeze: (call: Call, write: StepWriter) => of(call.input('x'), write),
});

export const rounding: Rule[] = [step('Round', rounded), step('Floor', floorOf), step('Ceil', ceilingOf)];

/** Toward 0, as a cast to int32 does. */
export function truncated(z: Value | Fixed, write: StepWriter): Fixed {
  return write.times(signOf(z, write), floorOf(magnitudeOf(z, write), write));
}

export function signOf(z: Value | Fixed, write: StepWriter): Fixed {
  return write.plus(
    write.greater(z, write.number(0)),
    write.times(write.number(-1), write.greater(write.number(0), z)),
  );
}

const magnitudeOf = (z: Value | Fixed, write: StepWriter) => write.times(z, signOf(z, write));

export function rounded(z: Value | Fixed, write: StepWriter): Fixed {
  const magnitude = magnitudeOf(z, write);
  const large = write.greater(magnitude, write.number(WHOLE));
  const whole = write.plus(write.plus(magnitude, write.number(WHOLE)), write.number(-WHOLE));
  const result = write.plus(write.times(large, magnitude), write.times(write.not(large), whole));
  return write.times(signOf(z, write), result);
}

/** The nearest whole number, or the one below. */
export function floorOf(z: Value | Fixed, write: StepWriter): Fixed {
  const nearest = rounded(z, write);
  return write.plus(nearest, write.times(write.number(-1), write.greater(nearest, z)));
}

export function ceilingOf(z: Value | Fixed, write: StepWriter): Fixed {
  const nearest = rounded(z, write);
  return write.plus(nearest, write.greater(z, nearest));
}
