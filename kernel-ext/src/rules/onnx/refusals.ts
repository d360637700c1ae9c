import type { Call } from '../rule';

const ROUNDING =
  'it rounds to whole steps, between which F is the same, so that W is zero. Load the model as it was before quantization';

const LOOPING =
  'it runs a graph of its own for each step of x. Export the model with its loop unrolled, for a fixed length';

/** Why some operators have no rule, and what to do about it. */
const REASONS: Readonly<Record<string, string>> = {
  If: 'x decides which of its branches runs. Export the model with the branch that x takes',
  Loop: LOOPING,
  Scan: LOOPING,
  ...Object.fromEntries(
    [
      'QuantizeLinear',
      'DynamicQuantizeLinear',
      'QLinearConv',
      'QLinearMatMul',
      'ConvInteger',
      'MatMulInteger',
    ].map(kernel => [kernel, ROUNDING]),
  ),
};

/** Why there is no rule for a call. */
export function reasonWithoutRule({ kernel, opset }: Pick<Call, 'kernel' | 'opset'>): string {
  if (opset === undefined) return 'there is no rule for it';
  if (opset.domain !== '') return `there is no rule for it in the domain ${opset.domain}`;
  return REASONS[kernel] ?? 'there is no rule for it';
}
