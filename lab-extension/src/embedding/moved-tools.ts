import { inputRange, compact, type Explanation, type ImageShape } from 'piecewise/payload';
import { type Pen, stroke } from '../image-tools/edit';
import type { EmbeddingModel } from './embedding-model';
import type { Pixel } from '../figures/selection';
import { CAUSES } from '../live/no-answer';
import { group } from '../parts/choice';
import { button, element } from '../parts/element';

const PENS: [Pen, string][] = [
  ['paint', 'Drag over an image to paint into x, and watch the point move; press again to put the pen away'],
  ['erase', 'Drag over an image to erase from x; press again to put the eraser away'],
];

/** Pens for the input of a picked point, and where the edited input goes: by the linear map of x, and by the network. */
export class MovedTools {
  readonly node = element('div', 'pw-moved');
  private readonly pens: HTMLButtonElement[];
  private readonly back = button('back to x', () => this.model.moved.reset());
  private readonly status = element('div', 'pw-moved-status');
  private pen: Pen | null = null;

  constructor(
    private readonly model: EmbeddingModel,
    private readonly explanation: Explanation,
    private readonly shape: ImageShape,
  ) {
    this.pens = PENS.map(([pen, title]) => button(pen, () => this.take(pen), title));
    this.status.setAttribute('role', 'status');
    this.node.append(
      element('div', 'pw-group', element('strong', '', 'What if'), group('Pens', ...this.pens), this.back),
      this.status,
    );
    this.update();
  }

  /** @param path where the pen was @returns false if no pen is the tool */
  paint(path: readonly Pixel[]): boolean {
    if (this.pen === null) return false;
    const { x } = this.explanation;
    this.model.moved.edit(stroke(this.model.moved.input ?? x, this.shape, path, this.pen, inputRange(x)));
    return true;
  }

  update(): void {
    PENS.forEach(([pen], i) => this.pens[i].setAttribute('aria-pressed', String(pen === this.pen)));
    this.back.hidden = this.model.moved.input === null;
    this.node.classList.toggle('pw-idle', this.back.hidden);
    this.status.textContent = this.sentence();
  }

  private take(pen: Pen): void {
    this.pen = this.pen === pen ? null : pen;
    this.update();
  }

  private sentence(): string {
    const { predicted, moved } = this.model;
    if (!predicted)
      return 'Drag the picked point, and x changes as little as possible. Or paint into x, and watch the point move.';
    const linear = `W·x′ + b is at ${coordinatesText(predicted)}`;
    if (moved.problem)
      return `${linear}. Where the network puts x′ is not known: ${CAUSES[moved.problem.problem]}.`;
    if (!moved.result) return `${linear}. Asking the network …`;
    const off = Math.hypot(...predicted.map((v, axis) => v - moved.result![axis]));
    return `${linear}, the network puts x′ at ${coordinatesText(moved.result)}: the linear map of x is off by ${compact(off)}.`;
  }
}

const coordinatesText = (coordinates: readonly number[]): string =>
  `(${coordinates.map(compact).join(', ')})`;
