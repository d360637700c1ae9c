import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { readDecomposition } from '../models/decomposition';
import { ExplorerModel } from '../models/explorer-model';
import type { RowSource } from '../models/row-store';
import { ExplorerView } from './explorer-view';
import { notice } from './notice';

/** The widget that JupyterLab puts into an output. */
export class ExplorerRenderer extends Widget implements IRenderMime.IRenderer {
  private view: ExplorerView | null = null;

  constructor(
    private readonly mimeType: string,
    private readonly source: RowSource | null,
  ) {
    super();
    this.addClass('pw-output');
  }

  /** May be called again with new data, or with the same. A payload that cannot be shown leaves its static twin. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.clear();
    try {
      const decomposition = readDecomposition(model.data[this.mimeType]);
      this.view = new ExplorerView(new ExplorerModel(decomposition, this.source));
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
    this.node.replaceChildren();
  }
}
