/** Every rule for an ONNX operator, by family. */
import { activations } from './activations';
import { comparison, oneHot } from './comparison';
import { convolution } from './convolution';
import { elementwise } from './elementwise';
import { estimators } from './estimators';
import { layout } from './layout';
import { matrix } from './matrix';
import { normalization } from './normalization';
import type { OnnxRule } from './onnx-rule';
import { pooling } from './pooling';
import { recurrent } from './recurrent';
import { reductions } from './reduction';
import { resize } from './resize';
import { scatter } from './scatter';
import { selection } from './selection';
import { softmax } from './softmax';

const all: OnnxRule[] = [
  ...[...convolution, ...matrix, ...normalization, ...pooling],
  ...[...elementwise, ...activations, ...softmax, ...reductions, ...comparison, oneHot],
  ...[...layout, ...selection, ...scatter, ...resize, ...recurrent, ...estimators],
];

const DOMAINS = ['', 'ai.onnx.ml'] as const;

/** Rules by domain and operator. */
export const onnxRules: ReadonlyMap<string, ReadonlyMap<string, OnnxRule>> = new Map(
  DOMAINS.map(domain => [
    domain,
    new Map(all.filter(rule => (rule.domain ?? '') === domain).map(rule => [rule.kernel, rule])),
  ]),
);
