import {
  compact,
  decimalsFor,
  entryName,
  GLOSSARY,
  plain,
  scientific,
  signed,
  contributionsOf,
  type Explanation,
  imageShape,
  type ImageShape,
} from 'piecewise/payload';
import { selectionSum } from '../figures/selection-sum';
import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import { selectionText, type Selection } from '../figures/selection';
import { askedNotice } from '../live/asked-notice';
import { chip } from '../parts/chip';
import { element, signClass } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';
import { MovedTools } from './moved-tools';
import { PlateRow, type RowImage } from '../image-tools/plate-row';

/** For a point that is not an image, this many entries are listed. */
const MOST_TERMS = 12;

/** Why the picked point is where it is: its coordinates are W·x + b, pixel by pixel or entry by entry. */
export class ExplanationView implements EmbeddingPart {
  readonly node = element('section', 'pw-explanation');
  private readonly reading = element('div', 'pw-reading pw-embedding-reading');
  private row: PlateRow | null = null;
  private shown: Explanation | null = null;
  private tools: MovedTools | null = null;

  constructor(private readonly model: EmbeddingModel) {
    this.node.setAttribute('aria-label', 'Why this point is here');
    this.reading.setAttribute('aria-live', 'polite');
  }

  update(change: EmbeddingChange): void {
    if (change === 'moved') return this.move();
    if (change !== 'data' && change !== 'pick' && change !== 'answer') return;
    const { picked, comparison, explanation, delay } = this.model;
    const isShown = picked !== null && !comparison.groups;
    this.node.hidden = !isShown;
    if (!isShown || (explanation.value && explanation.value === this.shown && change === 'answer')) return;
    this.clear();
    const point = this.model.pointOf(picked);
    const missing = this.model.embedding.training
      ? [
          element(
            'div',
            'pw-hint',
            'While the network is training, explanations do not last. plot(embedding) shows them afterwards.',
          ),
        ]
      : askedNotice(explanation, `Why point ${point} is here`, () => this.model.fetchExplanation(), delay);
    this.node.replaceChildren(
      this.head(point, picked),
      ...(explanation.value ? this.body(explanation.value) : missing),
    );
    if (this.node.isConnected) this.redraw();
  }

  redraw(): void {
    this.row?.redraw();
  }

  dispose(): void {
    this.clear();
  }

  private clear(): void {
    this.row?.dispose();
    this.row = null;
    this.tools = null;
    this.shown = null;
  }

  private head(point: number, position: number): HTMLElement {
    const label = this.model.labelOf(position);
    return element(
      'h3',
      'pw-embedding-title',
      `Why is point ${point} here?`,
      element('span', 'pw-quiet', label && ` ${label}`),
    );
  }

  private body(explanation: Explanation): HTMLElement[] {
    this.shown = explanation;
    const shape = imageShape(this.model.embedding.inputShape);
    const proof = chip(`residual ${scientific(explanation.residual.relative)}`, GLOSSARY.residual);
    proof.classList.add('pw-mod-sound');
    const strength = chip(explanation.exact ? 'exact on its region' : 'at x only', GLOSSARY.region);
    const head = [
      formulaTable(explanation, this.model.embedding.axes),
      element('div', 'pw-chips', proof, strength),
    ];
    if (!shape) return [...head, this.terms(explanation)];
    const tools = new MovedTools(this.model, explanation, shape);
    this.tools = tools;
    this.row = new PlateRow(
      this.images(explanation),
      shape,
      selection => this.read(explanation, shape, selection),
      path => tools.paint(path),
    );
    this.read(explanation, shape, null);
    return [...head, this.row.node, this.reading, tools.node];
  }

  /** The images of x or, while it is edited, of x′. */
  private images(explanation: Explanation): RowImage[] {
    const { input } = this.model.moved;
    const contributions = input ? contributionsOf(explanation, input) : explanation.contributions;
    return [
      {
        title: input ? 'x′' : 'x',
        caption: input ? 'edited input' : 'input',
        kind: 'input',
        values: input ?? explanation.x,
      },
      ...contributions.map((values, axis) => ({
        title: '→↑'[axis],
        caption: `pushes along ${this.model.embedding.axes[axis]}`,
        kind: 'signed' as const,
        values,
      })),
    ];
  }

  private move(): void {
    if (!this.shown) return;
    this.row?.change(this.images(this.shown));
    this.tools?.update();
  }

  /** What a pixel or a selection adds on each axis; in the embedding, an arrow shows the same. */
  private read(explanation: Explanation, shape: ImageShape, selection: Selection | null): void {
    const { axes } = this.model.embedding;
    const push = selection && explanation.contributions.map(values => selectionSum(values, shape, selection));
    this.model.pushBy(push);
    if (!selection || !push) {
      const hint = 'Point at a pixel to see where it pushes the point; drag over an area for its exact sum.';
      return this.reading.replaceChildren(element('span', 'pw-quiet', hint));
    }
    const isPixel = selection.top === selection.bottom && selection.left === selection.right;
    const x = isPixel ? [` · x ${compact(selectionSum(explanation.x, shape, selection))}`] : [];
    const parts = push.flatMap((value, axis) => [
      axis === 0 ? ' · pushes ' : ', ',
      element('strong', signClass(value), signed(value, Math.max(2, decimalsFor(value)))),
      ` along ${axes[axis]}`,
    ]);
    this.reading.replaceChildren(element('strong', '', selectionText(selection)), ...x, ...parts);
  }

  private terms({ x, contributions }: Explanation): HTMLElement {
    const { inputShape, features } = this.model.embedding;
    const strength = (i: number) => Math.hypot(...contributions.map(values => values[i]));
    const order = [...x.keys()].sort((i, j) => strength(j) - strength(i)).slice(0, MOST_TERMS);
    const head = ['entry', 'x', ...this.model.embedding.axes.map(axis => `w·x on ${axis}`)];
    const rows = order.map(i =>
      element(
        'tr',
        '',
        element('th', '', entryName(i, inputShape, features)),
        element('td', 'pw-number', plain(x[i])),
        ...contributions.map(values => element('td', signClass(values[i]), signed(values[i]))),
      ),
    );
    const table = element(
      'table',
      'pw-table',
      element('tr', '', ...head.map(text => element('th', '', text))),
      ...rows,
    );
    const others = x.length - order.length;
    return element(
      'div',
      '',
      table,
      ...(others > 0 ? [element('div', 'pw-quiet', `and ${others} more entries`)] : []),
    );
  }
}

/** Coordinates = W·x + b, one line per axis. */
function formulaTable({ output, bias }: Explanation, axes: readonly string[]): HTMLElement {
  const decimals = decimalsFor(Math.max(...output.map(Math.abs)));
  const rows = axes.map((axis, i) => {
    const linear = output[i] - bias[i];
    return element(
      'div',
      'pw-embedding-formula',
      element('span', 'pw-quiet', `${'→↑'[i]} ${axis} `),
      element('strong', '', plain(output[i], decimals)),
      ' = W·x ',
      element('span', signClass(linear), signed(linear, decimals)),
      ' + b ',
      element('span', 'pw-number pw-bias', signed(bias[i], decimals)),
    );
  });
  return element('div', '', ...rows);
}
