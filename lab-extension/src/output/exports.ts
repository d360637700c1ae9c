import { Notification } from '@jupyterlab/apputils';
import type { OutputView } from '../parts/output-view';
import { pdfOfSvg } from '../vector/pdf-of-svg';
import { vectorFigure } from '../vector/vector-figure';
import { onPaper } from './on-paper';
import { snapshot } from './snapshot';

/** One form in which a view leaves the page. */
export interface Export {
  /** The command's name is `piecewise:` and this. */
  id: string;
  /** As an entry of a menu, and as a button of the view. */
  label: string;
  word: string;
  title: string;
  run: (view: OutputView) => Promise<void>;
}

/** The forms in which every view leaves the page, as menus and views list them. */
export const EXPORTS: readonly Export[] = [
  {
    id: 'copy-image',
    label: 'Copy View as Image',
    word: 'copy',
    title: 'Copy the view as an image to the clipboard',
    run: copyImage,
  },
  {
    id: 'save-image',
    label: 'Save View as Image',
    word: 'PNG',
    title: 'Save the view as an image',
    run: async view => save(await imageOf(view), `${view.title}.png`),
  },
  {
    id: 'save-svg',
    label: 'Save View as SVG',
    word: 'SVG',
    title: 'Save the view as a vector figure with its caption',
    run: async view => save(new Blob([await svgOf(view)]), `${view.title}.svg`),
  },
  {
    id: 'save-pdf',
    label: 'Save View as PDF',
    word: 'PDF',
    title: 'Save the view as a vector figure with its caption, on one page',
    run: async view => save(await pdfOfSvg(await svgOf(view), view.title), `${view.title}.pdf`),
  },
  {
    id: 'save-numbers',
    label: 'Save Numbers of View as CSV',
    word: 'CSV',
    title: 'Save the numbers of the view as a table',
    run: async view => save(new Blob([view.toCsv()], { type: 'text/csv' }), `${view.title}.csv`),
  },
  {
    id: 'save-npy',
    label: 'Save Numbers of View as NPY',
    word: 'NPY',
    title: 'Save the numbers of the view as an array for NumPy',
    run: async view => save(new Blob([view.toNpy()]), `${view.title}.npy`),
  },
];

/** Runs an export; a failure is shown as one sentence. */
export async function runExport({ label, run }: Export, view: OutputView): Promise<void> {
  try {
    await run(view);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    Notification.error(`"${label}" failed: ${cause}`);
  }
}

const imageOf = (view: OutputView): Promise<Blob> => onPaper(view, () => snapshot(view.node));

const svgOf = (view: OutputView): Promise<string> =>
  onPaper(view, () => vectorFigure(view.node, view.title, view.caption));

async function copyImage(view: OutputView): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': imageOf(view) })]);
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
