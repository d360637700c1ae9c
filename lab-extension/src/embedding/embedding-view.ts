import { mapCaption } from '../figures/captions';
import { pointsCsv, pointsNpy } from '../figures/embedding-numbers';
import { MapModel, type MapChange } from './embedding-model';
import type { MapSource } from './embedding-source';
import { readPointMap } from './embedding-data';
import { onThemeChange } from '../theme';
import { ComparisonView } from './comparison-view';
import { CurvesView } from './curves-view';
import { element } from '../parts/element';
import { LegendView } from './legend-view';
import { MapCanvasView } from './canvas-view';
import { MapHeadlineView } from './headline-view';
import type { MapPart } from './view-part';
import { NeighborsView } from './neighbors-view';
import type { ShowOutput } from '../output/output-renderer';
import type { OutputView } from '../output/output-view';
import { ReasonView } from './explanation-view';
import { SelectionView } from './selection-view';

/** The whole explorer of a map: headline, points with legend and selection, reasons, neighbors, training. */
export class MapView implements OutputView {
  /**
   * A map in training moves its points, and the view of it stays.
   * @param source who knows more of a map than is saved; null: only that is shown.
   */
  static showing(source: MapSource | null): ShowOutput {
    return (payload, standing) => {
      const map = readPointMap(payload);
      if (!(standing instanceof MapView) || standing.model.map.handle !== map.handle)
        return new MapView(new MapModel(map, source));
      standing.model.replace(map);
      return standing;
    };
  }

  readonly node = element('div', 'pw-explorer pw-map');
  private readonly parts: MapPart[];
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: MapModel) {
    const canvas = new MapCanvasView(model);
    const headline = new MapHeadlineView(model, canvas);
    const left = [canvas, new LegendView(model), new SelectionView(model)];
    const right = [
      new CurvesView(model),
      new ReasonView(model),
      new NeighborsView(model),
      new ComparisonView(model),
    ];
    this.parts = [headline, ...left, ...right];
    const side = (name: string, parts: MapPart[]) => element('div', name, ...parts.map(part => part.node));
    this.node.append(
      headline.node,
      element('div', 'pw-map-body', side('pw-map-points', left), side('pw-map-reasons', right)),
    );
    model.changed.connect(this.onChange, this);
    this.parts.forEach(part => part.update('data'));
  }

  get title(): string {
    return this.model.map.title || 'map';
  }

  get caption(): string {
    return mapCaption(this.model);
  }

  toCsv(): string {
    return pointsCsv(this.model);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return pointsNpy(this.model);
  }

  /** Draws everything with colors again: after a change of theme, and when the node has come into the page. */
  redraw(): void {
    this.parts.forEach(part => part.redraw?.());
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.parts.forEach(part => part.dispose?.());
    this.model.dispose();
  }

  private onChange(_: MapModel, change: MapChange): void {
    this.parts.forEach(part => part.update(change));
  }
}
