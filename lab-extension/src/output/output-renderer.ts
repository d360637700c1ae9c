import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { notice } from './notice';
import type { OutputView, ShowOutput } from '../parts/output-view';
import type { ShownOutputs } from './shown-outputs';

/** The widget that JupyterLab puts into an output. For a payload that cannot be shown, it shows one sentence and the static twin. */
export class OutputRenderer extends Widget implements IRenderMime.IRenderer {
  private standing: OutputView | null = null;

  constructor(
    private readonly mimeType: string,
    private readonly makeView: ShowOutput,
    private readonly shown: ShownOutputs,
  ) {
    super();
    this.addClass('pw-output');
    shown.add(this);
  }

  /** null: the payload could not be shown. */
  get view(): OutputView | null {
    return this.standing;
  }

  /** May be called again with new data, or with the same. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      const view = this.makeView(model.data[this.mimeType], this.standing);
      if (view === this.standing) return;
      this.clear();
      this.standing = view;
      this.node.append(view.node);
      if (this.isAttached) view.redraw();
    } catch (error) {
      this.clear();
      this.node.append(notice(error instanceof Error ? error.message : String(error), model.data));
    }
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.clear();
    this.shown.delete(this);
    super.dispose();
  }

  /** Colors come from the page, so the first complete drawing happens there. */
  protected override onAfterAttach(_: Message): void {
    this.standing?.redraw();
  }

  protected override onAfterShow(_: Message): void {
    this.standing?.redraw();
  }

  private clear(): void {
    this.standing?.dispose();
    this.standing = null;
    this.node.replaceChildren();
  }
}
