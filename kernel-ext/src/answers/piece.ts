import type { Path } from '../paths/path';
import { float32Bytes, MOST_UNITS, PageOrder } from '../payload';
import { badIndex } from './question-faults';
import type { QuestionKind } from './question-kind';

/** W_c and b_c on the piece of a path that t lies in. */
export const piece: QuestionKind<'piece', Path> = {
  faultOf({ t, index }, { classes }) {
    if (typeof t !== 'number' || !(t >= 0 && t <= 1)) return 't has to be a number from 0 to 1.';
    return badIndex('index', index, classes);
  },
  async answer({ t, index }, path) {
    const number = path.pieceOf(t);
    const lin = await path.piece(number);
    try {
      const row = await lin.row(index);
      const weights = await row.data<'float32'>();
      row.dispose();
      const bias = (await lin.bias.data())[index];
      const [begin, end] = [path.t[number], path.t[number + 1]];
      const units = path.units[number].slice(0, MOST_UNITS);
      return {
        reply: { piece: number, begin, end, bias, units },
        buffers: [float32Bytes(new PageOrder(path).toPage(weights))],
      };
    } finally {
      lin.dispose();
    }
  },
};
