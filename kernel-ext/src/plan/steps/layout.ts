import type { Graph, Shape } from '../graph';
import { inversePermutation } from '../inverse-permutation';
import { stacked, type StepLaw } from '../step';

/** Steps that move numbers. Where one touches the first axis, the stack temporarily gets its own axis. */
export const reshape: StepLaw<'reshape'> = {
  apply: (g, step, [v], stack) => g.reshape(v, stacked(step.output.shape, stack)),
  transpose: (g, step, u, stack) => [g.reshape(u, stacked(step.inputs[0].shape, stack))],
};

export const permute: StepLaw<'permute'> = {
  apply: (g, { permutation, inputs, output }, [v], stack) =>
    permuted(g, v, inputs[0].shape, output.shape, permutation, stack),
  transpose(g, { permutation, inputs, output }, u, stack) {
    const inverse = inversePermutation(permutation);
    return [permuted(g, u, output.shape, inputs[0].shape, inverse, stack)];
  },
};

function permuted(
  g: Graph,
  v: number,
  from: Shape,
  to: Shape,
  permutation: readonly number[],
  stack: number,
): number {
  if (permutation[0] === 0 || stack === 1) return g.permute(v, permutation);
  const apart = g.reshape(v, [stack, ...from]);
  return g.reshape(g.permute(apart, [0, ...permutation.map(axis => axis + 1)]), stacked(to, stack));
}

/** Its transpose cuts the padding off. */
export const pad: StepLaw<'pad'> = {
  apply(g, { paddings, inputs, output }, [v], stack) {
    const moved = alongRest(paddings[0][0] !== 0 || paddings[0][1] !== 0, inputs[0].shape, stack);
    return g.reshape(
      g.pad(g.reshape(v, moved.shape), moved.lift(paddings, [0, 0])),
      stacked(output.shape, stack),
    );
  },
  transpose(g, { paddings, inputs, output }, u, stack) {
    const moved = alongRest(paddings[0][0] !== 0 || paddings[0][1] !== 0, output.shape, stack);
    const begin = paddings.map(([before]) => before);
    const kept = alongRest(moved.apart, inputs[0].shape, stack).shape;
    return [
      g.reshape(
        g.slice(g.reshape(u, moved.shape), moved.lift(begin, 0), kept),
        stacked(inputs[0].shape, stack),
      ),
    ];
  },
};

/** Its transpose puts zeros where something was cut off. */
export const slice: StepLaw<'slice'> = {
  apply(g, { begin, inputs, output }, [v], stack) {
    const moved = alongRest(inputs[0].shape[0] !== output.shape[0], inputs[0].shape, stack);
    const kept = alongRest(moved.apart, output.shape, stack).shape;
    return g.reshape(
      g.slice(g.reshape(v, moved.shape), moved.lift(begin, 0), kept),
      stacked(output.shape, stack),
    );
  },
  transpose(g, { begin, inputs, output }, u, stack) {
    const full = inputs[0].shape;
    const moved = alongRest(full[0] !== output.shape[0], output.shape, stack);
    const around = begin.map((b, i): [number, number] => [b, full[i] - b - output.shape[i]]);
    return [g.reshape(g.pad(g.reshape(u, moved.shape), moved.lift(around, [0, 0])), stacked(full, stack))];
  },
};

export const concat: StepLaw<'concat'> = {
  apply(g, { axis, inputs, output }, v, stack) {
    if (axis > 0 || stack === 1) return g.concat(v, axis);
    const apart = v.map((part, i) => g.reshape(part, [stack, ...inputs[i].shape]));
    return g.reshape(g.concat(apart, 1), stacked(output.shape, stack));
  },
  transpose(g, { axis, inputs, output }, u, stack) {
    const moved = alongRest(axis === 0, output.shape, stack);
    const whole = g.reshape(u, moved.shape);
    let at = 0;
    return inputs.map(({ shape }) => {
      const begin = shape.map((_, i) => (i === axis ? at : 0));
      at += shape[axis];
      const part = g.slice(whole, moved.lift(begin, 0), alongRest(moved.apart, shape, stack).shape);
      return g.reshape(part, stacked(shape, stack));
    });
  },
};

/** Its transpose adds each entry of u to where it was taken from: a gather for the first takers, one for the second, … */
export const take: StepLaw<'take'> = {
  apply(g, { axis, indices, inputs, output }, [v], stack) {
    const moved = alongRest(axis === 0, inputs[0].shape, stack);
    const taken = g.gather(g.reshape(v, moved.shape), indices, moved.apart ? axis + 1 : axis);
    return g.reshape(taken, stacked(output.shape, stack));
  },
  transpose(g, { axis, indices, inputs, output }, u, stack) {
    const { shape } = inputs[0];
    const moved = alongRest(axis === 0, output.shape, stack);
    const at = moved.apart ? axis + 1 : axis;
    const nothing = indices.length;
    const end = output.shape.map((_, i): [number, number] => (i === axis ? [0, 1] : [0, 0]));
    const padded = g.pad(g.reshape(u, moved.shape), moved.lift(end, [0, 0]));
    const parts = takers(indices, shape[axis], nothing).map(takersOf => g.gather(padded, takersOf, at));
    return [
      g.reshape(
        parts.reduce((a, b) => g.elementwise('add', a, b)),
        stacked(shape, stack),
      ),
    ];
  },
};

/** For each of `size` entries, its takers: a list of the first takers, one of the second, …; `nothing` where there is none. */
function takers(indices: readonly number[], size: number, nothing: number): number[][] {
  const lists: number[][] = [Array<number>(size).fill(nothing)];
  indices.forEach((index, taker) => {
    const free = lists.findIndex(list => list[index] === nothing);
    const list = lists[free] ?? Array<number>(size).fill(nothing);
    if (free < 0) lists.push(list);
    list[index] = taker;
  });
  return lists;
}

/** Its transpose copies u along the axes that were summed. */
export const reduceSum: StepLaw<'reduceSum'> = {
  apply(g, { axes, inputs, output }, [v], stack) {
    const moved = alongRest(axes.includes(0), inputs[0].shape, stack);
    const summed = g.reduceSum(g.reshape(v, moved.shape), moved.apart ? axes.map(a => a + 1) : axes);
    return g.reshape(summed, stacked(output.shape, stack));
  },
  transpose(g, { axes, inputs }, u, stack) {
    const { shape } = inputs[0];
    const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const moved = alongRest(axes.includes(0), kept, stack);
    const full = alongRest(moved.apart, shape, stack).shape;
    return [g.reshape(g.broadcast(g.reshape(u, moved.shape), full), stacked(shape, stack))];
  },
};

/** Its transpose sums over the axes along which v was copied. */
export const broadcast: StepLaw<'broadcast'> = {
  apply(g, { inputs, output }, [v], stack) {
    const aligned = alignedTo(output.shape, inputs[0].shape);
    const moved = alongRest(aligned[0] !== output.shape[0], aligned, stack);
    const full = alongRest(moved.apart, output.shape, stack).shape;
    return g.reshape(g.broadcast(g.reshape(v, moved.shape), full), stacked(output.shape, stack));
  },
  transpose(g, { inputs, output }, u, stack) {
    const aligned = alignedTo(output.shape, inputs[0].shape);
    const axes = output.shape.flatMap((d, i) => (d === aligned[i] ? [] : [i]));
    const moved = alongRest(axes.includes(0), output.shape, stack);
    const summed = g.reduceSum(g.reshape(u, moved.shape), moved.apart ? axes.map(a => a + 1) : axes);
    return [g.reshape(summed, stacked(inputs[0].shape, stack))];
  },
};

const alignedTo = (shape: Shape, own: Shape): Shape => [...Array(shape.length - own.length).fill(1), ...own];

interface StackView {
  /** Whether the stack has its own axis. */
  apart: boolean;
  shape: Shape;
  /** Per-axis arguments, with one for the stack's axis. */
  lift<T>(perAxis: readonly T[], neutral: T): readonly T[];
}

/** A stack seen as [L, S0, …] if a step works on the first axis, else as [L·S0, …]. */
function alongRest(touchesFirst: boolean, shape: Shape, stack: number): StackView {
  const apart = touchesFirst && stack > 1;
  return {
    apart,
    shape: apart ? [stack, ...shape] : stacked(shape, stack),
    lift: (perAxis, neutral) => (apart ? [neutral, ...perAxis] : perAxis),
  };
}
