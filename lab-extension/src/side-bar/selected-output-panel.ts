import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { LabIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import { EMBEDDING_MIME, LINEARIZATION_MIME } from 'piecewise/payload';
import { element } from '../parts/element';

const MIMES = [LINEARIZATION_MIME, EMBEDDING_MIME];

const ICON = new LabIcon({
  name: 'piecewise:explorer',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path class="jp-icon3" fill="none" stroke="#616161" ' +
    'stroke-width="2" d="M3 18 9 16 13 9 17 12 21 4"/></svg>',
});

const HINT = 'Select a cell whose output is a decomposition or an embedding to show it here, too.';

/** A side panel with its own view of the output of the selected cell. */
export class SelectedOutputPanel extends Panel {
  private followed: IOutputAreaModel | null = null;
  private shown: IRenderMime.IMimeModel | null = null;

  constructor(private readonly notebooks: INotebookTracker) {
    super();
    this.id = 'piecewise-selected-output';
    this.addClass('pw-panel');
    this.title.icon = ICON;
    this.title.caption = 'Piecewise: the selected output';
    notebooks.activeCellChanged.connect(this.follow, this);
    notebooks.currentChanged.connect(this.follow, this);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.notebooks.activeCellChanged.disconnect(this.follow, this);
    this.notebooks.currentChanged.disconnect(this.follow, this);
    this.followed?.changed.disconnect(this.update, this);
    super.dispose();
  }

  protected override onAfterShow(_: Message): void {
    this.follow();
  }

  /** Nothing is drawn while the panel is hidden. */
  protected override onUpdateRequest(_: Message): void {
    if (this.isVisible) void this.refresh();
  }

  private follow(): void {
    const cell = this.notebooks.activeCell;
    const outputs = isCode(cell) ? cell.outputArea.model : null;
    if (outputs !== this.followed) {
      this.followed?.changed.disconnect(this.update, this);
      this.followed = outputs;
      outputs?.changed.connect(this.update, this);
    }
    this.update();
  }

  private async refresh(): Promise<void> {
    const found = this.followed?.isDisposed ? null : firstOf(this.followed);
    if (found !== null && found.model === this.shown) return;
    this.shown = found?.model ?? null;
    [...this.widgets].forEach(widget => widget.dispose());
    this.node.replaceChildren();
    const rendermime = this.notebooks.currentWidget?.content.rendermime;
    if (!found || !rendermime) return this.node.replaceChildren(element('div', 'pw-panel-hint', HINT));
    const renderer = rendermime.createRenderer(found.mime);
    this.addWidget(renderer);
    await renderer.renderModel(found.model);
  }
}

const isCode = (cell: Cell | null): cell is CodeCell => cell?.model.type === 'code';

function firstOf(outputs: IOutputAreaModel | null): { mime: string; model: IRenderMime.IMimeModel } | null {
  for (let i = 0; i < (outputs?.length ?? 0); i++) {
    const model = outputs!.get(i);
    const mime = MIMES.find(type => model.data[type] !== undefined);
    if (mime) return { mime, model };
  }
  return null;
}
