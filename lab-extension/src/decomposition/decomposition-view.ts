import { explorerCaption } from '../figures/captions';
import { explorerCsv, explorerNpy } from '../figures/decomposition-numbers';
import { readDecomposition } from './decomposition';
import { ExplorerModel, type Change, type Source } from './decomposition-model';
import type { Look } from './look';
import { onThemeChange } from '../theme';
import { ClassListView } from './class-list-view';
import { element } from '../parts/element';
import { HeadlineView } from './headline-view';
import { HoldView } from './validity-view';
import { ImageToolsView } from '../image-tools/image-tools-view';
import type { ShowOutput } from '../output/output-renderer';
import type { OutputView } from '../output/output-view';
import { PlatesView } from './plates-view';
import { ReadingView } from './reading-view';
import { TieView } from './contrast-edit-view';
import { VectorView } from './vector-view';
import type { View } from './view';
import { WallView } from './channels-view';
import { WaterfallView } from './waterfall-view';
import { WhatIfView } from './what-if-view';

/** The whole explorer of one decomposition: headline, classes, images or bars, reading, waterfall. */
export class ExplorerView implements OutputView {
  /**
   * @param source where views get the rows that are not saved; null: only what is saved is shown.
   * @param look how a new view begins.
   */
  static showing(source: Source | null, look: () => Partial<Look>): ShowOutput {
    return payload => new ExplorerView(new ExplorerModel(readDecomposition(payload), source, look()));
  }

  readonly node = element('div', 'pw-explorer');
  private readonly views: View[];
  private readonly plates: PlatesView | null;
  private readonly wall: WallView;
  private readonly tie: TieView;
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: ExplorerModel) {
    const classes = new ClassListView(model);
    const steps = new WaterfallView(model);
    const headline = new HeadlineView(model);
    this.plates = model.isImage ? new PlatesView(model) : null;
    this.wall = new WallView(model);
    const reading = new ReadingView(model);
    const hold = new HoldView(model);
    this.tie = new TieView(model);
    const middle: View[] = this.plates
      ? [this.plates, new ImageToolsView(model), reading, new WhatIfView(model), hold, this.tie]
      : [new VectorView(model), reading, hold, this.tie];
    this.views = [headline, classes, ...middle, steps, this.wall];
    const center = element('div', 'pw-center', ...middle.map(view => view.node));
    const body = element('div', 'pw-body', classes.node, center, steps.node);
    this.node.append(headline.node, body, this.wall.node);
    model.changed.connect(this.onChange, this);
    this.views.forEach(view => view.update('subject'));
    model.fetchNeeded();
  }

  get title(): string {
    return `decomposition-${this.model.subject.name}`;
  }

  get caption(): string {
    return explorerCaption(this.model);
  }

  toCsv(): string {
    return explorerCsv(this.model);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return explorerNpy(this.model);
  }

  /** Draws the images again: after a change of theme, and when the node has come into the page. */
  redraw(): void {
    this.plates?.redraw();
    this.wall.redraw();
    this.tie.redraw();
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.views.forEach(view => view.dispose?.());
    this.model.dispose();
  }

  private onChange(_: ExplorerModel, change: Change): void {
    this.views.forEach(view => view.update(change));
  }
}
