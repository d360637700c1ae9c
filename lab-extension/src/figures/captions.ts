import type { ExplorerModel } from '../decomposition/decomposition-model';
import type { MapModel } from '../embedding/embedding-model';
import type { WayModel } from '../path/path-model';
import { plain, scientific } from './format';

/** What a figure of a decomposition shows, for somebody who has the figure alone. */
export function explorerCaption({ decomposition: d, subject, isImage, whatIf }: ExplorerModel): string {
  const what = subject.rival === null ? 'the logit of' : 'the difference of logits';
  const input = whatIf.input ? ' The input shown was edited (x′).' : '';
  const images = isImage ? ' The images show x, the weights W and the contributions W∘x.' : '';
  const strength = d.exact
    ? 'W and b hold on the whole linear region around x'
    : 'W and b reproduce the network at this x';
  return (
    `${capitalized(what)} ${subject.name} taken apart, F(x) = W·x + b, from ${d.from} to ${d.to}.${images}${input} ` +
    `Orange adds to ${subject.name}, blue takes away from it, gray is b: together ${plain(subject.output)}, what the network ` +
    `gave. ${strength}; residual ${scientific(d.residual.relative)} of max|F(x)|.`
  );
}

/** What a figure of a map shows. */
export function mapCaption(model: MapModel): string {
  const { map, column, picked, groups, reason } = model;
  const numbers = map.inputShape.join(' × ');
  const colors = column ? ` Colors are ${column.name}.` : map.classes ? ' Colors are classes.' : '';
  const points = `${map.title}: ${map.total.toLocaleString('en-US')} points of ${numbers} numbers, placed by a network.${colors}`;
  if (groups || picked === null || !reason.value) return points;
  return (
    `${points} Point ${model.pointOf(picked)} is ringed; its place is W·x + b. What its entries add along each axis: ` +
    `orange pushes to the right or up, blue to the left or down.`
  );
}

/** What a figure of a path shows. */
export function wayCaption({ way, t, decision }: WayModel): string {
  const { labels, shown, regions, decisions } = way;
  const changes = decisions.map(d => `${labels[d.to]} from t = ${d.t.toFixed(3)} on`).slice(0, 6);
  const largest = decision === null ? '' : ` The largest output is ${labels[decisions[0]?.from ?? decision]}`;
  return (
    `Outputs ${shown.map(c => labels[c]).join(', ')} of a network on the straight way from x (t = 0) to x′ (t = 1), through ` +
    `${regions.toLocaleString('en-US')} linear regions; below, where units of each layer switch. The line is at t = ${t.toFixed(3)}.` +
    (largest && `${[largest, ...changes].join(', ')}.`)
  );
}

const capitalized = (text: string): string => text[0].toUpperCase() + text.slice(1);
