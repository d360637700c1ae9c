import { bundleOf } from '../lab/random-net';
import type { Lab } from './lab';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

/** Opens a notebook that was saved with one payload per cell, without a kernel. */
export async function openSaved(payloads: readonly unknown[], lab?: Lab): Promise<NotebookPage> {
  const content = notebookOfBundles(payloads.map(bundleOf));
  const notebook = await NotebookPage.open(lab ?? (await sharedLab()), content);
  await notebook.refuseKernel();
  await notebook.explorer(0).waitFor();
  return notebook;
}
