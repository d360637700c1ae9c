import { outputName, plain, scientific } from 'piecewise/payload';
import type { DecompositionModel } from './decomposition-model';

/** What a figure of a decomposition shows, for a reader who has nothing but the figure. */
export function decompositionCaption(model: DecompositionModel): string {
  const { decomposition: d, subject, isImage, whatIf } = model;
  const word = outputName(d);
  const what = subject.rival === null ? `The ${word} of` : `The difference of ${word}s`;
  const input = whatIf.input ? ' The input shown was edited (x′).' : '';
  const images = isImage ? ' The images show x, the weights W and the contributions W∘x.' : '';
  const strength = d.exact
    ? 'W and b hold on the whole linear region around x'
    : 'W and b reproduce the network at this x';
  return (
    `${what} ${subject.name} taken apart, F(x) = W·x + b, from ${d.from} to ${d.to}.${images}${input} ` +
    `Orange adds to ${subject.name}, blue takes away from it, and gray is b; together they make ${plain(subject.output)}, ` +
    `the output of the network. ${strength}; residual ${scientific(d.residual.relative)} of max|F(x)|.`
  );
}
