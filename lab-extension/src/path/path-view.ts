import { scientific } from '../figures/format';
import { wayCaption } from '../figures/captions';
import { wayCsv, wayNpy } from '../figures/path-numbers';
import type { SegmentSource } from './piece';
import { readWay } from './path-data';
import { WayModel, type WayChange } from './path-model';
import { onThemeChange } from '../theme';
import { chip, element } from '../parts/element';
import type { ShowOutput } from '../output/output-renderer';
import type { OutputView } from '../output/output-view';
import { WayImagesView } from './images-view';
import { WayLinesView } from './lines-view';
import { WayOutputsView } from './outputs-view';
import { WayStepsView } from './steps-view';

/** The outputs of a network on the way from x to x': lines, every crossing, a slider, and what the network is at its place. */
export class WayView implements OutputView {
  /** @param source who knows W along the way; null: only what is saved is shown. */
  static showing(source: SegmentSource | null): ShowOutput {
    return payload => new WayView(new WayModel(readWay(payload), source));
  }

  readonly node = element('div', 'pw-explorer pw-way');
  readonly title = 'path';
  private readonly images: WayImagesView;
  private readonly parts: { update(change: WayChange): void }[];
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: WayModel) {
    const lines = new WayLinesView(model);
    const outputs = new WayOutputsView(model);
    const steps = new WayStepsView(model);
    this.images = new WayImagesView(model);
    this.parts = [lines, outputs, steps, this.images];
    const left = element('div', 'pw-way-left', lines.node, steps.node);
    const body = element('div', 'pw-way-body', left, outputs.node);
    this.node.append(headline(model), body, this.images.node);
    model.changed.connect(this.onChange, this);
  }

  redraw(): void {
    this.images.redraw();
  }

  get caption(): string {
    return wayCaption(this.model);
  }

  toCsv(): string {
    return wayCsv(this.model.way);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return wayNpy(this.model.way);
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.images.dispose();
    this.model.dispose();
  }

  private onChange(_: WayModel, change: WayChange): void {
    this.parts.forEach(part => part.update(change));
  }
}

function headline({ way }: WayModel): HTMLElement {
  const { regions, decisions, labels, decides, residual } = way;
  const few = decisions.slice(0, 4).map(d => `${labels[d.from]} → ${labels[d.to]} at ${d.t.toFixed(3)}`);
  const more = decisions.length > 4 ? [`${decisions.length - 4} more`] : [];
  const decided = [...few, ...more].join(', ') || 'the largest output stays';
  return element(
    'div',
    'pw-headline',
    element(
      'div',
      'pw-formula',
      element('span', 'pw-subject', 'x → x′'),
      `${regions.toLocaleString('en')} linear regions`,
    ),
    element(
      'div',
      'pw-chips',
      chip(
        `exact between breakpoints, to ${scientific(residual)}`,
        'How far F halfway between two breakpoints is from the straight line, at most',
      ),
      ...(decides ? [chip(decided, 'Where another output becomes the largest')] : []),
    ),
  );
}
