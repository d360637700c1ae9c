import { compact, nameOfEntry, signed, type ContrastEdit, type NamedInput } from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { askedNotice } from '../live/asked-notice';
import { button, element, signClass } from '../parts/element';
import { PlateRow, type RowImage } from '../image-tools/plate-row';
import type { DecompositionPart } from './decomposition-part';

const MOST_TERMS = 10;

/** For a contrast: an edit at which the two classes tie, what is proved about it, and the walk that led to it. */
export class ContrastEditView implements DecompositionPart {
  readonly node = element('section', 'pw-contrast-edit');
  private readonly question = button('', () => this.model.answers.askContrastEdit());
  private readonly status = element('div', 'pw-contrast-edit-status');
  private rows: PlateRow[] = [];
  private shown: ContrastEdit | null = null;

  constructor(private readonly model: DecompositionModel) {
    this.node.setAttribute('aria-label', 'Contrast edit');
    this.status.setAttribute('aria-live', 'polite');
    this.node.append(this.question, this.status);
  }

  update(change: Change): void {
    if (change !== 'validity' && change !== 'subject') return;
    const { answers, rival, selected, decomposition: d } = this.model;
    const { contrastEdit } = answers;
    this.node.hidden = rival === null || !d.exact;
    if (rival === null) return this.clear();
    this.question.textContent = `Smallest edit that makes ${d.labels[selected]} and ${d.labels[rival]} equal`;
    this.question.hidden = contrastEdit.value !== null || contrastEdit.isLoading;
    if (contrastEdit.value !== null && contrastEdit.value === this.shown) return;
    this.clear();
    this.shown = contrastEdit.value;
    const missing = askedNotice(contrastEdit, 'This edit', () => this.model.answers.askContrastEdit());
    this.status.replaceChildren(...(contrastEdit.value ? this.body(contrastEdit.value) : missing));
    this.redraw();
  }

  redraw(): void {
    if (this.node.isConnected) this.rows.forEach(row => row.redraw());
  }

  dispose(): void {
    this.clear();
  }

  private clear(): void {
    this.rows.forEach(row => row.dispose());
    this.rows = [];
    this.shown = null;
    this.status.replaceChildren();
  }

  private body(contrastEdit: ContrastEdit): HTMLElement[] {
    const { subject, decomposition: d } = this.model;
    const take = button('take x′ into What if', () => this.model.whatIf.edit(contrastEdit.point));
    const text = element(
      'div',
      '',
      'An edit of length ',
      element('strong', 'pw-number', compact(contrastEdit.distance)),
      ` (l2) closes the margin of `,
      element('span', signClass(contrastEdit.gap), signed(contrastEdit.gap)),
      `: at x′, ${subject.name.replace(' − ', ' and ')} are equal. `,
    );
    const change = contrastEdit.point.map((v, i) => v - d.input.values[i]);
    const shown = this.model.isImage ? this.images(contrastEdit, change) : [changes(change, d)];
    return [
      text,
      element('div', 'pw-quiet', proof(contrastEdit)),
      ...shown,
      ...(this.model.isImage ? [take] : []),
    ];
  }

  private images(contrastEdit: ContrastEdit, change: Float32Array): HTMLElement[] {
    const x = this.model.decomposition.input.values;
    const edit: RowImage[] = [
      { title: 'x', caption: 'input', kind: 'input', values: x },
      { title: 'x′ − x', caption: 'the edit', kind: 'signed', values: change },
      { title: 'x′', caption: 'the two are equal', kind: 'input', values: contrastEdit.point },
    ];
    const walk = contrastEdit.walk.map((values, n): RowImage => {
      return { title: `step ${n + 1}`, caption: 'aimed again here', kind: 'input', values };
    });
    const row = (images: RowImage[]) => {
      const made = new PlateRow(images, this.model.shape, () => {});
      this.rows.push(made);
      return made.node;
    };
    if (walk.length === 0) return [row(edit)];
    const steps = row(walk);
    steps.classList.add('pw-mod-walk');
    return [row(edit), element('div', 'pw-quiet', 'The steps of the walk:'), steps];
  }
}

function proof({ smallest, borders, units, distance }: ContrastEdit): string {
  if (smallest === 'everywhere')
    return `Proved to be the smallest: no unit switches within ${compact(distance)} of x.`;
  if (smallest === 'in the region')
    return 'Proved to be the smallest within the region of x; there may be a smaller one in another region.';
  const count = (n: number, word: string) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
  return `Found by walking across ${count(borders, 'border')} (${count(units, 'unit')} switched); not proved to be the smallest.`;
}

function changes(change: Float32Array, named: NamedInput): HTMLElement {
  const order = [...change.keys()].sort((i, j) => Math.abs(change[j]) - Math.abs(change[i]));
  const rows = order
    .slice(0, MOST_TERMS)
    .map(i =>
      element(
        'tr',
        '',
        element('th', '', nameOfEntry(i, named)),
        element('td', signClass(change[i]), signed(change[i], 4)),
      ),
    );
  const head = element('tr', '', element('th', '', 'entry'), element('th', '', 'x′ − x'));
  return element('table', 'pw-table', head, ...rows);
}
