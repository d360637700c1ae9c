import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';
import type { OutputView } from '../parts/output-view';
import type { ShownOutputs } from './shown-outputs';
import { vectorFigure } from '../vector/vector-figure';
import { snapshot } from './snapshot';

const CATEGORY = 'Piecewise';

interface ViewCommand {
  id: string;
  label: string;
  run: (view: OutputView) => Promise<void>;
}

const VIEW_COMMANDS: ViewCommand[] = [
  { id: 'piecewise:copy-image', label: 'Copy View as Image', run: copyImage },
  {
    id: 'piecewise:save-image',
    label: 'Save View as Image',
    run: async view => save(await snapshot(view.node), `${view.title}.png`),
  },
  {
    id: 'piecewise:save-svg',
    label: 'Save View as SVG',
    run: async view =>
      save(new Blob([vectorFigure(view.node, view.title, view.caption)]), `${view.title}.svg`),
  },
  {
    id: 'piecewise:save-numbers',
    label: 'Save Numbers of View as CSV',
    run: async view => save(new Blob([view.toCsv()], { type: 'text/csv' }), `${view.title}.csv`),
  },
  {
    id: 'piecewise:save-npy',
    label: 'Save Numbers of View as NPY',
    run: async view => save(new Blob([view.toNpy()]), `${view.title}.npy`),
  },
];

/** The commands of Piecewise, for the palette and the context menu (schema/plugin.json). */
export function addCommands(
  app: JupyterFrontEnd,
  shown: ShownOutputs,
  panel: Widget | null,
  palette: ICommandPalette | null,
): void {
  // From the context menu, the view under it; from the palette, the view that a person touched last.
  const meant = () => {
    const node = app.contextMenuHitTest(hit => hit.classList.contains('pw-explorer'));
    return (node && shown.around(node)) ?? shown.current;
  };
  for (const { id, label, run } of VIEW_COMMANDS) {
    app.commands.addCommand(id, {
      label,
      isEnabled: () => meant() !== null,
      execute: async () => {
        const view = meant()?.view;
        if (view) await run(view);
      },
    });
    palette?.addItem({ command: id, category: CATEGORY });
  }
  if (!panel) return;
  app.commands.addCommand('piecewise:show-panel', {
    label: 'Show Selected Output in Side Bar',
    execute: () => app.shell.activateById(panel.id),
  });
  palette?.addItem({ command: 'piecewise:show-panel', category: CATEGORY });
}

async function copyImage(view: OutputView): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': snapshot(view.node) })]);
    Notification.success('The view is on the clipboard.', { autoClose: 2000 });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    Notification.error(`The browser did not copy the image (${cause}). Save the view as an image instead.`);
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
