import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { MapModel } from '../models/map-model';
import type { MapSource } from '../models/map-source';
import { readPointMap } from '../models/point-map';
import { MapView } from './map-view';
import { notice } from './notice';

/** The widget that JupyterLab puts into an output that is a map. */
export class MapRenderer extends Widget implements IRenderMime.IRenderer {
  private view: MapView | null = null;
  private model: MapModel | null = null;

  constructor(
    private readonly mimeType: string,
    private readonly source: MapSource | null,
  ) {
    super();
    this.addClass('pw-output');
  }

  /** May be called again: a map in training moves its points, and the view of it stays. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      const map = readPointMap(model.data[this.mimeType]);
      if (this.model?.map.handle === map.handle) return this.model.replace(map);
      this.clear();
      this.model = new MapModel(map, this.source);
      this.view = new MapView(this.model);
      this.node.append(this.view.node);
      if (this.isAttached) this.view.redraw();
    } catch (error) {
      this.clear();
      this.node.append(notice(error instanceof Error ? error.message : String(error), model.data));
    }
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.clear();
    super.dispose();
  }

  /** Colors come from the page, so the first true drawing happens in it. */
  protected override onAfterAttach(_: Message): void {
    this.view?.redraw();
  }

  protected override onAfterShow(_: Message): void {
    this.view?.redraw();
  }

  private clear(): void {
    this.view?.dispose();
    this.view = null;
    this.model = null;
    this.node.replaceChildren();
  }
}
