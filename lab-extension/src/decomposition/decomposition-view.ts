import { rowsCsv, rowsNpy } from './decomposition-numbers';
import { readDecomposition } from 'piecewise/payload';
import { decompositionCaption } from './decomposition-caption';
import { DecompositionModel, type Change } from './decomposition-model';
import type { Source } from './decomposition-source';
import type { Look } from './look';
import { onThemeChange } from '../parts/theme';
import { ClassListView } from './class-list-view';
import { element } from '../parts/element';
import { HeadlineView } from './headline-view';
import { ValidityView } from './validity-view';
import { ImageToolsView } from './image-tools-view';
import { exportTools } from '../output/export-tools';
import type { OutputView, ShowOutput } from '../parts/output-view';
import { PlatesView } from './plates-view';
import { ReadingView } from './reading-view';
import { ContrastEditView } from './contrast-edit-view';
import { SignalView } from './signal-view';
import { VectorView } from './vector-view';
import type { DecompositionPart } from './decomposition-part';
import { ChannelsView } from './channels-view';
import { TokenLineView } from './token-line-view';
import { WaterfallView } from './waterfall-view';
import { WhatIfView } from './what-if-view';

/** The view of one decomposition: headline, classes, images or entries, reading, waterfall. */
export class DecompositionView implements OutputView {
  /**
   * @param source what the kernel can be asked; null: only what is saved is shown
   * @param look how a new view begins
   */
  static showing(source: Source | null, look: () => Partial<Look>): ShowOutput {
    return payload =>
      new DecompositionView(new DecompositionModel(readDecomposition(payload), source, look()));
  }

  readonly node = element('div', 'pw-explorer');
  private readonly views: DecompositionPart[];
  private readonly plates: PlatesView | null;
  private readonly channels: ChannelsView;
  private readonly contrastEdit: ContrastEditView;
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: DecompositionModel) {
    const classes = new ClassListView(model);
    const steps = new WaterfallView(model);
    const headline = new HeadlineView(model);
    this.plates = model.isImage ? new PlatesView(model) : null;
    this.channels = new ChannelsView(model);
    const reading = new ReadingView(model);
    const validity = new ValidityView(model);
    this.contrastEdit = new ContrastEditView(model);
    const middle: DecompositionPart[] = this.plates
      ? [this.plates, new ImageToolsView(model), reading, new WhatIfView(model), validity, this.contrastEdit]
      : [
          ...(model.decomposition.isText ? [new TokenLineView(model)] : []),
          inputView(model),
          reading,
          validity,
          this.contrastEdit,
        ];
    this.views = [headline, classes, ...middle, steps, this.channels];
    const center = element('div', 'pw-center', ...middle.map(view => view.node));
    const isSingle = model.decomposition.output.length === 1;
    const body = element(
      'div',
      `pw-body${isSingle ? ' pw-mod-single' : ''}`,
      classes.node,
      center,
      steps.node,
    );
    headline.tools.append(exportTools(this));
    this.node.append(headline.node, body, this.channels.node);
    model.changed.connect(this.onChange, this);
    this.views.forEach(view => view.update('subject'));
    model.fetchNeeded();
  }

  get title(): string {
    return `decomposition-${this.model.subject.name}`;
  }

  get caption(): string {
    return decompositionCaption(this.model);
  }

  toCsv(): string {
    return rowsCsv(this.model);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return rowsNpy(this.model);
  }

  /** Draws the images again: after a change of theme, and when the node has entered the page. */
  redraw(): void {
    this.plates?.redraw();
    this.channels.redraw();
    this.contrastEdit.redraw();
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.views.forEach(view => view.dispose?.());
    this.model.dispose();
  }

  private onChange(_: DecompositionModel, change: Change): void {
    this.views.forEach(view => view.update(change));
  }
}

/** The view of an input that is no image. */
function inputView(model: DecompositionModel): DecompositionPart {
  const { signal } = model.decomposition;
  return signal ? new SignalView(model, signal) : new VectorView(model);
}
