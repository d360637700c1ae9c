import {
  plain,
  signed,
  type Apart,
  entryName,
  type EmbeddingData,
  imageShape,
  type Comparison,
} from 'piecewise/payload';
import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import type { Groups } from './group-comparison';
import { askedNotice } from '../live/asked-notice';
import { button, element, signClass } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';
import { PlateRow, type RowImage } from '../image-tools/plate-row';

const MOST_TERMS = 10;

/** Two points or two groups side by side: what holds each where it is, and how far apart W at either point predicts them to be. */
export class ComparisonView implements EmbeddingPart {
  readonly node = element('section', 'pw-comparison');
  private rows: PlateRow[] = [];

  constructor(private readonly model: EmbeddingModel) {
    this.node.setAttribute('aria-label', 'Comparison');
  }

  update(change: EmbeddingChange): void {
    if (change !== 'data' && change !== 'pick' && change !== 'answer') return;
    const { comparison, delay } = this.model;
    const { groups, means } = comparison;
    this.node.hidden = groups === null;
    this.dispose();
    if (!groups) return;
    const names = groups.map((group, g) => this.nameOf(group, g));
    const back = button('back to one point', () => this.model.pick(this.model.picked));
    const head = element('h3', 'pw-embedding-title', `${names[0]} and ${names[1]}`);
    const missing = askedNotice(means, 'This comparison', () => this.model.compare(groups), delay);
    const body = means.value ? [...this.body(means.value, names), this.apart(groups)] : missing;
    this.node.replaceChildren(
      head,
      ...(this.model.picked === null ? [] : [back]),
      element('div', 'pw-comparison-parts', ...body),
    );
    if (this.node.isConnected) this.redraw();
  }

  redraw(): void {
    this.rows.forEach(row => row.redraw());
  }

  dispose(): void {
    this.rows.forEach(row => row.dispose());
    this.rows = [];
  }

  private nameOf(group: readonly number[], g: number): string {
    if (group.length > 1) return `${['first', 'second'][g]} group (${group.length})`;
    const label = this.model.labelOf(group[0]);
    return `point ${this.model.pointOf(group[0])}${label && ` (${label})`}`;
  }

  private body(found: Comparison, names: readonly string[]): HTMLElement[] {
    const { axes } = this.model.embedding;
    const [first, second] = found.groups;
    const apart = axes.map((_, axis) => second.center[axis] - first.center[axis]);
    const parts = found.groups.map((group, g) => {
      const mean = group.points > 1 ? `, mean of ${group.points}` : '';
      return this.part(names[g], `at ${vector(group.center)}${mean}`, found.contributions[g]);
    });
    const difference = found.contributions[0].map((values, axis) =>
      values.map((v, i) => found.contributions[1][axis][i] - v),
    );
    const b = axes.map((_, axis) => second.bias[axis] - first.bias[axis]);
    parts.push(
      this.part(
        'second − first',
        `they are ${vector(apart, true)} apart, of which ${vector(b, true)} comes from b`,
        difference,
      ),
    );
    found.displacements.forEach((displacement, n) => {
      const off = Math.hypot(...displacement.sum.map((value, axis) => value - apart[axis]));
      const text = `predicts that they are ${vector(displacement.sum, true)} apart, which is off by ${plain(off)}`;
      parts.push(this.part(`W at ${names[n]} ∘ (x₂ − x₁)`, text, displacement.contributions));
    });
    return parts;
  }

  /** The exact explanation, once it is asked for. */
  private apart(groups: Groups): HTMLElement {
    const { comparison } = this.model;
    const { apart } = comparison;
    const ask = () => comparison.askApart();
    if (apart.value) return this.exact(apart.value, groups);
    const missing = askedNotice(apart, 'Why they are apart', ask);
    return element(
      'div',
      'pw-comparison-part',
      ...(missing.length > 0 ? missing : [button('Why are these two apart?', ask)]),
    );
  }

  private exact({ actual, sums, points, regions, parts }: Apart, groups: Groups): HTMLElement {
    const some = groups.some((group, g) => group.length > points[g]);
    const of = some ? `, for ${points[0]} and ${points[1]} points that represent the groups` : '';
    const text =
      `summed exactly over the ${regions.toLocaleString('en')} linear regions between them${of}: ` +
      `the parts add up to ${vector(sums, true)}, and they are ${vector(actual, true)} apart`;
    return this.part('why they are apart', text, parts);
  }

  private part(name: string, text: string, contributions: readonly Float32Array[]): HTMLElement {
    return element(
      'div',
      'pw-comparison-part',
      element('strong', '', name),
      element('div', 'pw-quiet', text),
      this.images(contributions),
    );
  }

  private images(contributions: readonly Float32Array[]): HTMLElement {
    const { axes, inputShape } = this.model.embedding;
    const shape = imageShape(inputShape);
    if (!shape) return terms(contributions, this.model.embedding);
    const images = contributions.map((values, axis): RowImage => ({
      title: '→↑'[axis],
      caption: `along ${axes[axis]}`,
      kind: 'signed',
      values,
    }));
    const row = new PlateRow(images, shape, () => {});
    this.rows.push(row);
    return row.node;
  }
}

function terms(
  contributions: readonly Float32Array[],
  { axes, inputShape, features }: EmbeddingData,
): HTMLElement {
  const strength = (i: number) => Math.hypot(...contributions.map(values => values[i]));
  const order = [...contributions[0].keys()].sort((i, j) => strength(j) - strength(i)).slice(0, MOST_TERMS);
  const head = element('tr', '', ...['entry', ...axes].map(text => element('th', '', text)));
  const rows = order.map(i =>
    element(
      'tr',
      '',
      element('th', '', entryName(i, inputShape, features)),
      ...contributions.map(values => element('td', signClass(values[i]), signed(values[i]))),
    ),
  );
  return element('table', 'pw-table', head, ...rows);
}

function vector(values: readonly number[], withSign = false): string {
  return `(${values.map(value => (withSign ? signed(value) : plain(value))).join(', ')})`;
}
