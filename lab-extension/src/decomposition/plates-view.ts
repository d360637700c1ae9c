import { paintInput, paintSigned } from '../figures/color-scale';
import {
  compact,
  inputRange,
  pooled,
  type Pooling,
  product,
  scaleEndOf,
  signedScale,
  channelOf,
  sumChannels,
  type ImageShape,
} from 'piecewise/payload';
import { changedPixels, type Selection } from '../figures/selection';
import { isPen } from '../image-tools/edit';
import type { Change, DecompositionModel } from './decomposition-model';
import { readPalette } from '../parts/theme';
import { element, indexed } from '../parts/element';
import { Panel } from '../image-tools/panel';
import { Plate, type Marks } from '../image-tools/plate';
import { PlatePointer } from './plate-pointer';
import { showAbsence } from './absence';
import { channelName } from './channel-name';
import type { DecompositionPart } from './decomposition-part';
import { contributionCaption, rowName } from './row-text';

/** Images at least this many times as wide as tall stand below each other. */
const WIDE = 2.5;

/** x, W and W∘x side by side with one crosshair; of a large image also W∘x over x, summed over superpixels. */
export class PlatesView implements DecompositionPart {
  readonly node = element('div', 'pw-plates');
  private readonly input: Panel;
  private readonly weights: Panel;
  private readonly contributions: Panel;
  /** Contributions over the input; null: `contributions` shows both. */
  private readonly overlay: Panel | null;
  /** The input as painted, [4·H·W] RGBA; it can lie behind the contributions. */
  private picture: Uint8ClampedArray | undefined;

  private readonly shape: ImageShape;
  private readonly pointer: PlatePointer;
  private compared: Float32Array | null = null;
  private difference: Selection | null = null;

  constructor(private readonly model: DecompositionModel) {
    const { shape } = model;
    this.shape = shape;
    // Images this wide would be strips beside each other.
    this.node.classList.toggle('pw-mod-wide', shape.width >= WIDE * shape.height);
    this.pointer = new PlatePointer(model, () => this.drawMarks());
    const panel = (barClass: string) => {
      const plate = new Plate(shape.height, shape.width);
      this.pointer.attach(plate);
      const made = new Panel(plate, barClass);
      this.node.append(made.node);
      return made;
    };
    this.input = panel(shape.channels === 3 ? 'pw-bar-none' : 'pw-bar-ink');
    this.overlay = model.isLarge ? panel('pw-bar-signed') : null;
    this.weights = panel('pw-bar-signed');
    this.contributions = panel('pw-bar-signed');
    this.node.classList.toggle('pw-mod-large', model.isLarge);
  }

  private get panels(): Panel[] {
    return [this.input, ...this.signedPanels];
  }

  private get signedPanels(): Panel[] {
    return [...(this.overlay ? [this.overlay] : []), this.weights, this.contributions];
  }

  update(change: Change): void {
    if (change === 'pointer') this.drawMarks();
    else if (change === 'input') this.drawEdit();
    else if (change === 'subject' || change === 'look') this.drawImages();
  }

  /** Draws all images in the current colors of the theme. */
  redraw(): void {
    this.drawInput();
    this.drawImages();
  }

  dispose(): void {
    this.panels.forEach(panel => panel.plate.dispose());
  }

  /** x′ has changed, and with it the contributions; W has not. */
  private drawEdit(): void {
    this.drawInput();
    this.drawContributions();
    this.drawMarks();
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
      `The input x, ${height} by ${width} pixels. Arrow keys move the crosshair, with Shift they select a box, the space bar adds or removes a pixel, plus and minus zoom.`,
    );
  }

  private drawImages(): void {
    const { subject } = this.model;
    this.weights.title.replaceChildren(indexed('W', rowName(subject)));
    this.weights.caption.textContent = this.weightCaption();
    this.drawSigned(this.weights, subject.weights && this.planeOf(subject.weights), 'The weights W');
    this.drawContributions();
    showAbsence(this.model, this.node, this.signedPanels);
    const { tool, scale, magnitude } = this.model.look;
    this.node.classList.toggle('pw-mod-editing', isPen(tool));
    this.node.classList.toggle('pw-mod-root', scale === 'root');
    this.node.classList.toggle('pw-mod-magnitude', magnitude);
    this.drawMarks();
  }

  private drawContributions(): void {
    const { subject, input, whatIf, superpixels, look } = this.model;
    const title = () => [indexed('W', rowName(subject)), whatIf.input ? '∘x′' : '∘x'];
    this.contributions.title.replaceChildren(...title());
    this.contributions.caption.textContent = contributionCaption(subject);
    const plane = subject.weights && this.planeOf(product(subject.weights, input));
    const summed = plane && superpixels ? pooled(plane, superpixels) : plane;
    this.drawSigned(this.contributions, this.overlay ? plane : summed, 'The contributions W∘x');
    if (!this.overlay) return;
    this.overlay.title.replaceChildren(...title());
    this.overlay.caption.textContent = `${POOLED[look.pooling]}, over ${whatIf.input ? 'x′' : 'x'}`;
    this.drawSigned(this.overlay, summed, 'The contributions W∘x, summed, over x');
  }

  /** [H·W]: what is drawn of values with channels. */
  private planeOf(values: Float32Array): Float32Array {
    const { channels } = this.shape;
    const { channel } = this.model.look;
    return channel === null ? sumChannels(values, channels) : channelOf(values, channels, channel);
  }

  private weightCaption(): string {
    const { channels } = this.shape;
    const { channel } = this.model.look;
    if (channel !== null) return `weight, ${channelName(channel, channels)}`;
    return channels === 1 ? 'weight of each pixel' : 'weight, channels summed';
  }

  /** @param values [H·W]; null: they are not here */
  private drawSigned(panel: Panel, values: Float32Array | null, what: string): void {
    const { height, width } = this.shape;
    const { look } = this.model;
    const plane = values ?? new Float32Array(height * width);
    const end = look.scaleEnd ?? scaleEndOf(this.shape);
    const scale = signedScale(plane, end);
    const isOver = values !== null && panel === (this.overlay ?? this.contributions);
    const style = { ...look, behind: isOver ? this.picture : undefined, share: look.backdrop };
    panel.plate.paint(paintSigned(plane, scale.limit, readPalette(this.node), style));
    const { name } = this.model.subject;
    if (!values) {
      panel.label('', '', '');
      panel.plate.canvas.setAttribute('aria-label', `${what} for ${name} are not available`);
      return;
    }
    const ends = panel.labelSigned(
      scale,
      this.model.isLarge ? end : null,
      scaleEnd => this.model.change({ scaleEnd }),
      look.magnitude,
    );
    panel.plate.canvas.setAttribute(
      'aria-label',
      `${what} for ${name}, ${height} by ${width} pixels, ${ends}`,
    );
  }

  /** Where x′ differs from x, found once for each x′; null: nowhere. */
  private edited(): Selection | null {
    const { ghost, input } = this.model;
    if (input === this.compared) return this.difference;
    this.compared = input;
    this.difference = ghost && changedPixels(ghost.input, input, this.shape);
    return this.difference;
  }

  private drawMarks(): void {
    const { cursor, brush, summed, highlight, counterpart, frame } = this.model;
    const { width } = this.shape;
    const marks: Marks = {
      cursor: cursor === null ? null : { row: Math.floor(cursor / width), column: cursor % width },
      brush,
      highlight: highlight ?? counterpart ?? (brush ? null : summed),
      edited: this.edited(),
      trail: this.pointer.trail,
    };
    this.panels.forEach(panel => panel.plate.mark(marks, frame));
  }
}

/** How the contributions over x are summed. */
const POOLED: Record<Pooling, string> = {
  pixels: 'by pixel',
  2: 'by squares of 2 × 2',
  4: 'by squares of 4 × 4',
  8: 'by squares of 8 × 8',
  superpixels: 'by superpixel',
};
