import type { Fixed, StepWriter } from '../rule';
import type { Smooth } from '../smooth';

const one = (write: StepWriter) => write.number(1);
const scaled = (write: StepWriter, z: Fixed, by: number) => write.times(z, write.number(by));
const plus = (write: StepWriter, z: Fixed, by: number) => write.plus(z, write.number(by));
const inverse = (write: StepWriter, z: Fixed) => write.divide(one(write), z);
const square = (write: StepWriter, z: Fixed) => write.times(z, z);
/** √(z² + by) */
const root = (write: StepWriter, z: Fixed, by: number) =>
  write.map('sqrt', plus(write, square(write, z), by));
/** √(1 − z²) */
const otherLeg = (write: StepWriter, z: Fixed) => write.map('sqrt', write.not(square(write, z)));

/** (eᶻ ± e^−z)/2 */
const half = (sign: 1 | -1) => (z: Fixed, write: StepWriter) => {
  const up = write.map('exp', z);
  return scaled(write, write.plus(up, scaled(write, inverse(write, up), sign)), 0.5);
};

const arcSine = (z: Fixed, write: StepWriter) => write.map('atan', write.divide(z, otherLeg(write, z)));

/** The functions of angles and hyperbolas that TensorFlow.js models rarely use. */
export const trigonometric: Record<string, Smooth> = {
  Tan: {
    value: (z, write) => write.divide(write.map('sin', z), write.map('cos', z)),
    slope: (z, write) => inverse(write, square(write, write.map('cos', z))),
    atZero: 0,
  },
  Asin: { value: arcSine, slope: (z, write) => inverse(write, otherLeg(write, z)), atZero: 0 },
  Acos: {
    value: (z, write) => plus(write, scaled(write, arcSine(z, write), -1), Math.PI / 2),
    slope: (z, write) => scaled(write, inverse(write, otherLeg(write, z)), -1),
    atZero: Math.PI / 2,
  },
  Atan: {
    value: (z, write) => write.map('atan', z),
    slope: (z, write) => inverse(write, plus(write, square(write, z), 1)),
    atZero: 0,
  },
  Sinh: { value: half(-1), slope: half(1), atZero: 0 },
  Cosh: { value: half(1), slope: half(-1), atZero: 1 },
  Asinh: {
    value: (z, write) => {
      const sign = plus(write, scaled(write, write.greater(z, write.number(0)), 2), -1);
      return write.times(sign, write.map('log', write.plus(write.times(z, sign), root(write, z, 1))));
    },
    slope: (z, write) => inverse(write, root(write, z, 1)),
    atZero: 0,
  },
  Acosh: {
    value: (z, write) => write.map('log', write.plus(z, root(write, z, -1))),
    slope: (z, write) => inverse(write, root(write, z, -1)),
  },
  Atanh: {
    value: (z, write) => scaled(write, write.map('log', write.divide(plus(write, z, 1), write.not(z))), 0.5),
    slope: (z, write) => inverse(write, write.not(square(write, z))),
    atZero: 0,
  },
};
