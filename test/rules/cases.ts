/** Every case, by family as in kernel-ext/src/rules. A new kernel is a row in the file of its family. */
import type { Case } from './case';
import { activations } from './cases/activations';
import { arithmetic } from './cases/arithmetic';
import { comparison } from './cases/comparison';
import { convolution } from './cases/convolution';
import { dense } from './cases/dense';
import { layout } from './cases/layout';
import { normalization } from './cases/normalization';
import { pooling } from './cases/pooling';
import { reduction } from './cases/reduction';
import { smooth } from './cases/smooth';

export const cases: Case[] = [
  ...dense,
  ...convolution,
  ...activations,
  ...pooling,
  ...normalization,
  ...arithmetic,
  ...reduction,
  ...comparison,
  ...smooth,
  ...layout,
];
