import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { notice } from './notice';
import type { OutputView } from './output-view';
import type { ShownOutputs } from './shown-outputs';

/**
 * Makes the view of a payload that anybody may have written.
 * @param standing the view that stands in the output now; it may be given back, if it has taken the new payload over.
 * @throws MalformedPayloadError, UnknownVersionError
 */
export type ShowOutput = (payload: unknown, standing: OutputView | null) => OutputView;

/** The widget that JupyterLab puts into an output. A payload that cannot be shown leaves its static twin and one sentence. */
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

  /** Colors come from the page, so the first true drawing happens in it. */
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
