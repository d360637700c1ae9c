import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { LINEARIZATION_MIME } from 'piecewise/payload';
import { LiveKernel } from './live';
import { ExplorerRenderer } from './views/explorer-renderer';

/** Before JupyterLab's own renderers of html and png, which every output also carries. */
const RANK = 0;

/** Shows decompositions everywhere; in a notebook their views also reach its kernel. */
export const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-piecewise:plugin',
  description: 'Shows decompositions F(x) = W·x + b as interactive views.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker],
  activate: (_: JupyterFrontEnd, registry: IRenderMimeRegistry, notebooks: INotebookTracker | null) => {
    registry.addFactory(explorerFactory(null), RANK);
    const bind = (panel: NotebookPanel) => {
      panel.content.rendermime.addFactory(explorerFactory(new LiveKernel(panel.sessionContext)), RANK);
    };
    notebooks?.forEach(bind);
    notebooks?.widgetAdded.connect((_, panel) => bind(panel));
  },
};

/** @param kernel where views get the rows that are not saved; null: only what is saved is shown. */
function explorerFactory(kernel: LiveKernel | null): IRenderMime.IRendererFactory {
  return {
    // Payloads are data: checked, decoded to numbers, and shown as text nodes and pixels. Nothing of them can run.
    safe: true,
    mimeTypes: [LINEARIZATION_MIME],
    createRenderer: options => new ExplorerRenderer(options.mimeType, kernel),
  };
}
