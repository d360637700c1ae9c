import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { LINEARIZATION_MIME } from 'piecewise/payload';
import { LiveKernel } from './live';
import { ExplorerRenderer } from './views/explorer-renderer';
import { PLOTLY_MIME, PlotlyRenderer } from './views/plotly-renderer';

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
    // Who has installed a renderer of plotly keeps it: one that came first stays, a later one takes our place.
    if (!registry.getFactory(PLOTLY_MIME)) registry.addFactory(plotlyFactory, RANK);
    const bind = (panel: NotebookPanel) => {
      panel.content.rendermime.addFactory(explorerFactory(new LiveKernel(panel.sessionContext)), RANK);
    };
    notebooks?.forEach(bind);
    notebooks?.widgetAdded.connect((_, panel) => bind(panel));
  },
};

const plotlyFactory: IRenderMime.IRendererFactory = {
  // plotly.js reads its texts as a few harmless tags and never as script.
  safe: true,
  mimeTypes: [PLOTLY_MIME],
  createRenderer: options => new PlotlyRenderer(options.mimeType),
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
