import { outputName, plain, scientific } from 'piecewise/payload';
import type { DecompositionModel } from './decomposition-model';
import type { Subject } from '../figures/subject';

/** What a figure of a decomposition shows, for a reader who has nothing but the figure. */
export function decompositionCaption(model: DecompositionModel): string {
  const { decomposition: d, subject, isImage, ghost } = model;
  const word = outputName(d);
  const what = subject.rival === null ? `The ${word} of` : `The difference of ${word}s`;
  const input = ghost
    ? ' The input shown was edited (x′); the bars at x, before the edit, are outlined.'
    : '';
  const images = isImage ? ' The images show x, the weights W and the contributions W∘x.' : '';
  const strength = d.exact
    ? 'W and b are exact on the whole linear region around x'
    : 'W and b reproduce the network at this x';
  return (
    `${what} ${subject.name} taken apart, F(x) = W·x + b, from ${d.from} to ${d.to}.${images}${input} ` +
    `Orange adds to ${subject.name}, blue takes away from it, and gray is b. ${result(subject)} ${strength}; residual ${scientific(d.residual.relative)} of max|F(x)|.`
  );
}

function result({ output, linear, bias }: Subject): string {
  const sum = linear === null ? 'a number that is not known here' : plain(linear + bias);
  if (output === null) return `Together they make ${sum}; the network has not answered.`;
  return `Together they make ${sum}; the network gives ${plain(output)}.`;
}
