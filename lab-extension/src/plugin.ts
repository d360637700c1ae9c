import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { EMBEDDING_MIME, LINEARIZATION_MIME } from 'piecewise/payload';
import { LiveKernel } from './live';
import { LiveMap } from './live-map';
import { ExplorerRenderer } from './views/explorer-renderer';
import { MapRenderer } from './views/map-renderer';
import { PLOTLY_MIME, PlotlyRenderer } from './views/plotly-renderer';

/** Before JupyterLab's own renderers of html and png, which every output also carries. */
const RANK = 0;

/** Shows decompositions and maps everywhere; in a notebook their views also reach its kernel. */
export const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-piecewise:plugin',
  description: 'Shows decompositions F(x) = W·x + b and maps of points as interactive views.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker],
  activate: (_: JupyterFrontEnd, registry: IRenderMimeRegistry, notebooks: INotebookTracker | null) => {
    registry.addFactory(explorerFactory(null), RANK);
    registry.addFactory(mapFactory(null), RANK);
    // Who has installed a renderer of plotly keeps it: one that came first stays, a later one takes our place.
    if (!registry.getFactory(PLOTLY_MIME)) registry.addFactory(plotlyFactory, RANK);
    const bind = (panel: NotebookPanel) => {
      const kernel = new LiveKernel(panel.sessionContext);
      panel.content.rendermime.addFactory(explorerFactory(kernel), RANK);
      panel.content.rendermime.addFactory(mapFactory(new LiveMap(kernel)), RANK);
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

/** @param source who knows more of a map than is saved; null: only that is shown. */
function mapFactory(source: LiveMap | null): IRenderMime.IRendererFactory {
  return {
    // As for decompositions: data only.
    safe: true,
    mimeTypes: [EMBEDDING_MIME],
    createRenderer: options => new MapRenderer(options.mimeType, source),
  };
}
