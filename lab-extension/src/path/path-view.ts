import { scientific, readPath } from 'piecewise/payload';
import { pathCaption } from './path-caption';
import { pathCsv, pathNpy } from './path-numbers';
import type { PieceSource } from './piece-source';
import { PathModel, type PathChange } from './path-model';
import { onThemeChange } from '../parts/theme';
import { element } from '../parts/element';
import { chip } from '../parts/chip';
import { glossaryWord } from '../parts/word';
import { exportTools } from '../output/export-tools';
import type { OutputView, ShowOutput } from '../parts/output-view';
import { PathImagesView } from './path-images-view';
import { PathLinesView } from './path-lines-view';
import { PathOutputsView } from './path-outputs-view';
import { PathStepsView } from './path-steps-view';

/** The outputs of a network on the path from x to x′: lines, breakpoints, a slider, and the linear map where the slider is. */
export class PathView implements OutputView {
  /** @param source whoever knows W along the path; null: only what is saved is shown */
  static showing(source: PieceSource | null): ShowOutput {
    return payload => new PathView(new PathModel(readPath(payload), source));
  }

  readonly node = element('div', 'pw-explorer pw-path');
  readonly title = 'path';
  private readonly images: PathImagesView;
  private readonly parts: { update(change: PathChange): void }[];
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: PathModel) {
    const lines = new PathLinesView(model);
    const outputs = new PathOutputsView(model);
    const steps = new PathStepsView(model);
    this.images = new PathImagesView(model);
    this.parts = [lines, outputs, steps, this.images];
    const left = element('div', 'pw-path-left', lines.node, steps.node);
    const body = element('div', 'pw-path-body', left, outputs.node);
    const head = headline(model);
    head.append(element('div', 'pw-tools', exportTools(this)));
    this.node.append(head, body, this.images.node);
    model.changed.connect(this.onChange, this);
  }

  redraw(): void {
    this.images.redraw();
  }

  get caption(): string {
    return pathCaption(this.model);
  }

  toCsv(): string {
    return pathCsv(this.model.path);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return pathNpy(this.model.path);
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.images.dispose();
    this.model.dispose();
  }

  private onChange(_: PathModel, change: PathChange): void {
    this.parts.forEach(part => part.update(change));
  }
}

function headline({ path }: PathModel): HTMLElement {
  const { regions, decisions, labels, decides, residual } = path;
  const few = decisions.slice(0, 4).map(d => `${labels[d.from]} → ${labels[d.to]} at ${d.t.toFixed(3)}`);
  const more = decisions.length > 4 ? [`${decisions.length - 4} more`] : [];
  const decided = [...few, ...more].join(', ') || 'the same output stays the largest';
  return element(
    'div',
    'pw-headline',
    element(
      'div',
      'pw-formula',
      element('span', 'pw-subject', 'x → x′'),
      `${regions.toLocaleString('en')} `,
      glossaryWord('region', 'linear regions'),
    ),
    element(
      'div',
      'pw-chips',
      chip(
        `exact between breakpoints, to ${scientific(residual)}`,
        'The largest distance of F from a straight line halfway between two breakpoints',
      ),
      ...(decides ? [chip(decided, 'Where another output becomes the largest')] : []),
    ),
  );
}
