import { compact, decimalsFor, plain, scientific, signed } from '../figures/format';
import { imageShape, type ImageShape } from '../figures/image-shape';
import { regionSum } from '../figures/selection-sum';
import type { MapChange, MapModel } from './embedding-model';
import { contributionsOf, type PointReason } from './explanation';
import { regionText, type Region } from '../image-tools/selection';
import { askedNotice } from '../parts/asked-notice';
import { element, signClass } from '../parts/element';
import type { MapPart } from './view-part';
import { MovedTools } from './moved-tools';
import { PlateRow, type RowImage } from '../image-tools/plate-row';

/** Of a point that is no image, so many entries are listed. */
const MOST_TERMS = 12;

/** Why the picked point is where it is: its place is W·x + b, pixel by pixel or entry by entry. */
export class ReasonView implements MapPart {
  readonly node = element('section', 'pw-reason');
  private readonly reading = element('div', 'pw-reading pw-map-reading');
  private row: PlateRow | null = null;
  private shown: PointReason | null = null;
  private tools: MovedTools | null = null;

  constructor(private readonly model: MapModel) {
    this.node.setAttribute('aria-label', 'Why this point is here');
    this.reading.setAttribute('aria-live', 'polite');
  }

  update(change: MapChange): void {
    if (change === 'moved') return this.move();
    if (change !== 'data' && change !== 'pick' && change !== 'answer') return;
    const { picked, groups, reason, delay } = this.model;
    const isShown = picked !== null && !groups;
    this.node.hidden = !isShown;
    if (!isShown || (reason.value && reason.value === this.shown && change === 'answer')) return;
    this.clear();
    const point = this.model.pointOf(picked);
    const missing = this.model.map.training
      ? [
          element(
            'div',
            'pw-hint',
            'While the network learns, points have no lasting reasons. plot(map) shows them afterwards.',
          ),
        ]
      : askedNotice(reason, `Why point ${point} is here`, () => this.model.fetchReason(), delay);
    this.node.replaceChildren(
      this.head(point, picked),
      ...(reason.value ? this.body(reason.value) : missing),
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
      'pw-map-title',
      `Why is point ${point} here?`,
      element('span', 'pw-quiet', label && ` ${label}`),
    );
  }

  private body(reason: PointReason): HTMLElement[] {
    this.shown = reason;
    const shape = imageShape(this.model.map.inputShape);
    const proof = element('span', 'pw-chip pw-mod-sound', `residual ${scientific(reason.residual.relative)}`);
    const strength = element('span', 'pw-chip', reason.exact ? 'exact on its region' : 'at x only');
    const head = [formulaTable(reason, this.model.map.axes), element('div', 'pw-chips', proof, strength)];
    if (!shape) return [...head, this.terms(reason)];
    const tools = new MovedTools(this.model, reason, shape);
    this.tools = tools;
    this.row = new PlateRow(
      this.images(reason),
      shape,
      region => this.read(reason, shape, region),
      pixel => tools.paint(pixel),
    );
    this.read(reason, shape, null);
    return [...head, this.row.node, this.reading, tools.node];
  }

  /** Of x, or of what was made of it. */
  private images(reason: PointReason): RowImage[] {
    const { input } = this.model.moved;
    const contributions = input ? contributionsOf(reason, input) : reason.contributions;
    return [
      {
        title: input ? 'x′' : 'x',
        caption: input ? 'changed input' : 'input',
        kind: 'input',
        values: input ?? reason.x,
      },
      ...contributions.map((values, axis) => ({
        title: '→↑'[axis],
        caption: `pushes along ${this.model.map.axes[axis]}`,
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

  /** What a pixel or a region adds on each axis; on the map an arrow says the same. */
  private read(reason: PointReason, shape: ImageShape, region: Region | null): void {
    const { axes } = this.model.map;
    const push = region && reason.contributions.map(values => regionSum(values, shape, region));
    this.model.pushBy(push);
    if (!region || !push) {
      const hint = 'Point at a pixel to see where it pushes the point; drag over a region for its exact sum.';
      return this.reading.replaceChildren(element('span', 'pw-quiet', hint));
    }
    const isPixel = region.top === region.bottom && region.left === region.right;
    const x = isPixel ? [` · x ${compact(regionSum(reason.x, shape, region))}`] : [];
    const parts = push.flatMap((value, axis) => [
      axis === 0 ? ' · pushes ' : ', ',
      element('strong', signClass(value), signed(value, Math.max(2, decimalsFor(value)))),
      ` along ${axes[axis]}`,
    ]);
    this.reading.replaceChildren(element('strong', '', regionText(region)), ...x, ...parts);
  }

  private terms({ x, contributions }: PointReason): HTMLElement {
    const strength = (i: number) => Math.hypot(...contributions.map(values => values[i]));
    const order = [...x.keys()].sort((i, j) => strength(j) - strength(i)).slice(0, MOST_TERMS);
    const head = ['entry', 'x', ...this.model.map.axes.map(axis => `w·x on ${axis}`)];
    const rows = order.map(i =>
      element(
        'tr',
        '',
        element('th', '', `x[${i}]`),
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

/** Place = W·x + b, one line an axis. */
function formulaTable({ output, bias }: PointReason, axes: readonly string[]): HTMLElement {
  const decimals = decimalsFor(Math.max(...output.map(Math.abs)));
  const rows = axes.map((axis, i) => {
    const linear = output[i] - bias[i];
    return element(
      'div',
      'pw-map-formula',
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
