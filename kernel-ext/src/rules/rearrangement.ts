import { inChannelsLast } from './data-format';
import type { Call, Rule } from './rule';

/** Kernels that exchange space with channels or with the batch: each a reshape, a permutation, a reshape. */
export const depthToSpace: Rule = {
  kernel: 'DepthToSpace',
  freeze: (call, write) =>
    inChannelsLast(call, call.value('x'), write, image => {
      const [n, h, w, c] = image.shape;
      const b = call.attrs.blockSize as number;
      const rest = c / (b * b);
      const apart = write.reshape(image, [n, h, w, b, b, rest]);
      return write.reshape(write.permute(apart, [0, 1, 3, 2, 4, 5]), [n, h * b, w * b, rest]);
    }),
};

/** [N, S·b, …] → [b·N, S, …] for each axis of the block. */
export const spaceToBatch: Rule = {
  kernel: 'SpaceToBatchND',
  freeze(call, write) {
    const { block, sides, isSpace } = blockOf(call, 'paddings');
    const x = call.value('x');
    const padded = write.pad(
      x,
      x.shape.map((_, i) => (isSpace(i) ? sides[i - 1] : [0, 0])),
    );
    const apart = padded.shape.flatMap((d, i) => (isSpace(i) ? [d / block[i - 1], block[i - 1]] : [d]));
    const blocks = block.map((_, i) => 2 * i + 2);
    const others = apart.map((_, i) => i).filter(i => !blocks.includes(i));
    return write.reshape(
      write.permute(write.reshape(padded, apart), [...blocks, ...others]),
      call.outputShape,
    );
  },
};

/** The inverse; padding is cropped. */
export const batchToSpace: Rule = {
  kernel: 'BatchToSpaceND',
  freeze(call, write) {
    const { block, sides, isSpace } = blockOf(call, 'crops');
    const x = call.value('x');
    const m = block.length;
    const n = x.shape[0] / block.reduce((a, b) => a * b, 1);
    const apart = write.reshape(x, [...block, n, ...x.shape.slice(1)]);
    const spaces = block.flatMap((_, i) => [m + 1 + i, i]);
    const rest = apart.shape.map((_, i) => i).slice(2 * m + 1);
    const together = write.permute(apart, [m, ...spaces, ...rest]);
    const full = [n, ...block.map((b, i) => b * x.shape[i + 1]), ...x.shape.slice(m + 1)];
    const begin = full.map((_, i) => (isSpace(i) ? sides[i - 1][0] : 0));
    return write.slice(write.reshape(together, full), begin, call.outputShape);
  },
};

/** The block, what is padded or cropped on the sides of each of its axes, and which axes these are: those after the batch. */
function blockOf(call: Call, sides: 'paddings' | 'crops') {
  const block = call.attrs.blockShape as number[];
  return {
    block,
    sides: call.attrs[sides] as [number, number][],
    isSpace: (axis: number) => axis >= 1 && axis <= block.length,
  };
}
