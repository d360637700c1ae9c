import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { EMBEDDING_MIME, LINEARIZATION_MIME, PATH_MIME } from 'piecewise/payload';
import { addCommands } from './output/commands';
import { DecompositionLink } from './decomposition/decomposition-link';
import { LiveKernel } from './live/live-kernel';
import { EmbeddingLink } from './embedding/embedding-link';
import { PathLink } from './path/path-link';
import { LookSettings } from './decomposition/look-settings';
import { SelectedOutputPanel } from './side-bar/selected-output-panel';
import { DecompositionView } from './decomposition/decomposition-view';
import { EmbeddingView } from './embedding/embedding-view';
import { OutputRenderer } from './output/output-renderer';
import type { ShowOutput } from './parts/output-view';
import { PLOTLY_MIME, PlotlyRenderer } from './output/plotly-renderer';
import { ShownOutputs } from './output/shown-outputs';
import { PathView } from './path/path-view';

const ID = 'jupyterlab-piecewise:plugin';

/** Ahead of JupyterLab's own renderers of HTML and PNG, which every output also carries. */
const RANK = 0;

/** Shows decompositions, embeddings and paths everywhere; in a notebook, their views also reach its kernel. */
export const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description:
    'Shows decompositions F(x) = W·x + b, embeddings and paths between inputs as interactive views.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null,
  ) => {
    const shown = new ShownOutputs();
    const looks = new LookSettings();
    void settings?.load(ID).then(
      loaded => looks.follow(loaded),
      (error: unknown) =>
        console.warn('Piecewise: its settings cannot be read, so views begin with the defaults.', error),
    );
    const factories = (kernel: LiveKernel | null) => [
      factory(
        LINEARIZATION_MIME,
        DecompositionView.showing(kernel && new DecompositionLink(kernel), () => looks.look),
        shown,
      ),
      factory(EMBEDDING_MIME, EmbeddingView.showing(kernel && new EmbeddingLink(kernel)), shown),
      factory(PATH_MIME, PathView.showing(kernel && new PathLink(kernel)), shown),
    ];
    factories(null).forEach(made => registry.addFactory(made, RANK));
    // An installed renderer of plotly is kept: one that came first stays, and a later one replaces ours.
    if (!registry.getFactory(PLOTLY_MIME)) registry.addFactory(plotlyFactory, RANK);
    const bind = ({ sessionContext, content }: NotebookPanel) => {
      const live = factories(new LiveKernel(sessionContext));
      live.forEach(made => content.rendermime.addFactory(made, RANK));
    };
    notebooks?.forEach(bind);
    notebooks?.widgetAdded.connect((_, panel) => bind(panel));
    const panel = notebooks && new SelectedOutputPanel(notebooks);
    if (panel) app.shell.add(panel, 'right', { rank: 900 });
    addCommands(app, shown, panel, palette);
  },
};

const plotlyFactory: IRenderMime.IRendererFactory = {
  // plotly.js renders a few harmless tags in its texts, and never scripts.
  safe: true,
  mimeTypes: [PLOTLY_MIME],
  createRenderer: options => new PlotlyRenderer(options.mimeType),
};

function factory(mime: string, show: ShowOutput, shown: ShownOutputs): IRenderMime.IRendererFactory {
  return {
    // Payloads are data: checked, decoded to numbers, and shown as text nodes and pixels. Nothing in them can run.
    safe: true,
    mimeTypes: [mime],
    createRenderer: options => new OutputRenderer(options.mimeType, show, shown),
  };
}
