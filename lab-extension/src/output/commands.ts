import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';
import type { ShownOutputs } from './shown-outputs';
import { EXPORTS, runExport } from './exports';

const CATEGORY = 'Piecewise';

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
  for (const form of EXPORTS) {
    const command = `piecewise:${form.id}`;
    app.commands.addCommand(command, {
      label: form.label,
      isEnabled: () => meant() !== null,
      execute: async () => {
        const view = meant()?.view;
        if (view) await runExport(form, view);
      },
    });
    palette?.addItem({ command, category: CATEGORY });
  }
  if (!panel) return;
  app.commands.addCommand('piecewise:show-panel', {
    label: 'Show Selected Output in Side Bar',
    execute: () => app.shell.activateById(panel.id),
  });
  palette?.addItem({ command: 'piecewise:show-panel', category: CATEGORY });
}
