import { largestFeatures, decimalsFor, plain, signed, product, type Piece } from 'piecewise/payload';
import { switching } from '../figures/unit-name';
import type { PathChange, PathModel } from './path-model';
import { askedNotice } from '../live/asked-notice';
import { element, signClass } from '../parts/element';
import { PlateRow, type RowImage } from '../image-tools/plate-row';

const MOST_TERMS = 10;

/** The input at t and, once it is asked for, W of its linear region and what each number adds. */
export class PathImagesView {
  readonly node = element('div', 'pw-path-images');
  private readonly status = element('div', 'pw-path-status');
  private readonly terms = element('div', '');
  private row: PlateRow | null = null;
  private shown = 0;

  constructor(private readonly model: PathModel) {
    this.status.setAttribute('aria-live', 'polite');
    this.node.append(this.status, this.terms);
    this.update('piece');
  }

  update(_: PathChange): void {
    const { showsWeights, piece, weightsHere: here } = this.model;
    const notice = askedNotice(piece, 'W of this region', () => this.model.fetchPiece());
    const shown = here ? [this.formula(here), ...border(here)] : notice;
    this.status.replaceChildren(...(showsWeights ? shown : []));
    this.draw(showsWeights ? here : null);
  }

  redraw(): void {
    this.row?.redraw();
  }

  dispose(): void {
    this.row?.dispose();
  }

  private draw(here: Piece | null): void {
    const { image } = this.model;
    if (!image) {
      const { path, input } = this.model;
      const x = { ...path.from, values: input };
      return this.terms.replaceChildren(...(here ? [termTable(here.weights, x, path.features)] : []));
    }
    const images = this.images(here);
    if (this.row && this.shown === images.length) return this.row.change(images);
    this.row?.dispose();
    const row = new PlateRow(images, image, () => {});
    if (this.row) this.row.node.replaceWith(row.node);
    else this.node.append(row.node);
    this.row = row;
    this.shown = images.length;
    if (this.node.isConnected) row.redraw();
  }

  private images(here: Piece | null): RowImage[] {
    const { t, input, path } = this.model;
    const x: RowImage = { title: 'x(t)', caption: `t = ${t.toFixed(3)}`, kind: 'input', values: input };
    if (!here) return [x];
    const label = path.labels[here.output];
    return [
      x,
      { title: `W of ${label}`, caption: 'weight of each pixel', kind: 'signed', values: here.weights },
      {
        title: 'W∘x(t)',
        caption: `contribution to ${label}`,
        kind: 'signed',
        values: product(here.weights, input),
      },
    ];
  }

  private formula({ weights, bias, output }: Piece): HTMLElement {
    const { input, path } = this.model;
    const linear = weights.reduce((sum, w, i) => sum + w * input[i], 0);
    const decimals = decimalsFor(Math.max(Math.abs(linear), Math.abs(bias)));
    return element(
      'div',
      '',
      element('strong', '', path.labels[output]),
      ' here ',
      element('strong', 'pw-number', plain(linear + bias, decimals)),
      ' = W·x(t) ',
      element('span', signClass(linear), signed(linear, decimals)),
      ' + b ',
      element('span', 'pw-number pw-bias', signed(bias, decimals)),
    );
  }
}

/** Where the linear region begins and ends, and why it begins there. */
function border({ begin, end, units }: Piece): HTMLElement[] {
  const why = units.length === 0 ? 'x itself' : `${begin.toFixed(6)}, where ${switching(units[0])}`;
  const more = units.length > 1 ? ` along with ${units.length - 1} more` : '';
  return [element('div', 'pw-quiet', `This region reaches from ${why}${more}, to ${end.toFixed(6)}.`)];
}

function termTable(
  w: Float32Array,
  input: { shape: number[]; values: Float32Array; rounding: number },
  features: string[] | undefined,
) {
  const { shown } = largestFeatures(w, { input, features }, 'all', MOST_TERMS);
  const head = element('tr', '', ...['entry', 'x(t)', 'w', 'w·x(t)'].map(text => element('th', '', text)));
  const rows = shown.map(({ name, x, w: weight, contribution }) =>
    element(
      'tr',
      '',
      element('th', '', name),
      element('td', 'pw-number', plain(x)),
      element('td', signClass(weight), signed(weight)),
      element('td', signClass(contribution), signed(contribution)),
    ),
  );
  return element('table', 'pw-table', head, ...rows);
}
