import { inputRange, paintInput, paintSigned, symmetricLimit } from '../figures/color-scale';
import { compact, signed, decimalsFor } from '../figures/format';
import { product, sumChannels, type ImageShape } from '../figures/image-shape';
import type { Change, ExplorerModel } from '../models/explorer-model';
import { readPalette } from '../theme';
import { element, indexed } from './element';
import { Panel } from './panel';
import { Plate, type Marks } from './plate';
import { PlatePointer } from './plate-pointer';
import { absenceOf } from './absence';
import type { View } from './view';

/** x, W and W∘x side by side with one crosshair. */
export class PlatesView implements View {
  readonly node = element('div', 'pw-plates');
  private readonly input: Panel;
  private readonly weights: Panel;
  private readonly contributions: Panel;
  /** The input as it is painted, [4·H·W] RGBA; it can lie behind the contributions. */
  private picture: Uint8ClampedArray | undefined;

  constructor(
    private readonly model: ExplorerModel,
    private readonly shape: ImageShape,
  ) {
    const pointer = new PlatePointer(model, shape);
    const panel = (barClass: string) => {
      const plate = new Plate(shape.height, shape.width);
      pointer.attach(plate);
      const made = new Panel(plate, barClass);
      this.node.append(made.node);
      return made;
    };
    this.input = panel(shape.channels === 3 ? 'pw-bar-none' : 'pw-bar-ink');
    this.weights = panel('pw-bar-signed');
    this.contributions = panel('pw-bar-signed');
  }

  update(change: Change): void {
    if (change === 'pointer') this.drawMarks();
    else if (change === 'input') this.redraw();
    else this.drawImages();
  }

  /** Draws all images again, in the colors that the theme has now. */
  redraw(): void {
    this.drawInput();
    this.drawImages();
  }

  dispose(): void {
    [this.input, this.weights, this.contributions].forEach(panel => panel.plate.dispose());
  }

  private drawInput(): void {
    const { decomposition, input, whatIf } = this.model;
    const range = inputRange(decomposition.input.values);
    const { height, width, channels } = this.shape;
    this.input.title.textContent = whatIf.input ? 'x′' : 'x';
    this.input.caption.textContent = whatIf.input ? 'edited input' : 'input';
    this.picture = paintInput(input, channels, range, readPalette(this.node));
    this.input.plate.paint(this.picture);
    this.input.label(compact(range.low), channels === 3 ? 'red, green, blue' : '', compact(range.high));
    this.input.plate.canvas.setAttribute(
      'aria-label',
      `The input x, ${height} by ${width} pixels. Arrow keys move the crosshair, Shift with them selects a region.`,
    );
  }

  private drawImages(): void {
    const { subject, input, rows, whatIf } = this.model;
    const { channels } = this.shape;
    const name = subject.rival === null ? subject.name : `(${subject.name})`;
    this.weights.title.replaceChildren(indexed('W', name));
    this.contributions.title.replaceChildren(indexed('W', name), whatIf.input ? '∘x′' : '∘x');
    this.weights.caption.textContent = channels === 1 ? 'weight of each pixel' : 'weight, channels summed';
    this.contributions.caption.textContent =
      subject.rival === null
        ? `contribution to ${subject.name}`
        : `for ${subject.name.replace('−', 'against')}`;
    this.drawSigned(this.weights, subject.weights, 'The weights W');
    const contributions = subject.weights && product(subject.weights, input);
    this.drawSigned(this.contributions, contributions, 'The contributions W∘x');
    const absence = absenceOf(this.model);
    for (const panel of [this.weights, this.contributions]) {
      panel.veil.textContent = veilText(absence, subject.name);
      panel.node.classList.toggle('pw-mod-loading', absence === 'loading');
      panel.node.classList.toggle('pw-mod-absent', absence !== null);
    }
    this.node.classList.toggle('pw-mod-editing', this.model.tool !== 'look');
    this.node.setAttribute('aria-busy', String(this.model.needed.some(c => rows.status(c) === 'loading')));
    this.drawMarks();
  }

  private drawSigned(panel: Panel, values: Float32Array | null, what: string): void {
    const { channels, height, width } = this.shape;
    const plane = values ? sumChannels(values, channels) : new Float32Array(height * width);
    const limit = symmetricLimit(plane);
    const behind = panel === this.contributions && values ? this.picture : undefined;
    const { sign, backdrop } = this.model;
    panel.plate.paint(paintSigned(plane, limit, sign, readPalette(this.node), behind, backdrop));
    const ends = signed(limit, decimalsFor(limit));
    if (values) panel.label(ends.replace('+', '−'), '0', ends);
    else panel.label('', '', '');
    panel.plate.canvas.setAttribute(
      'aria-label',
      values
        ? `${what} for ${this.model.subject.name}, ${height} by ${width} pixels, from −${ends.slice(1)} to ${ends}`
        : `${what} for ${this.model.subject.name} are not here`,
    );
  }

  private drawMarks(): void {
    const { cursor, brush, highlight } = this.model;
    const { width } = this.shape;
    const marks: Marks = {
      cursor: cursor === null ? null : { row: Math.floor(cursor / width), column: cursor % width },
      brush,
      highlight,
    };
    [this.input, this.weights, this.contributions].forEach(panel => panel.plate.mark(marks));
  }
}

function veilText(absence: ReturnType<typeof absenceOf>, name: string): string {
  if (absence === null) return '';
  return absence === 'loading' ? `fetching row ${name} …` : 'not saved here';
}
