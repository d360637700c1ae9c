import type { OutputView } from '../parts/output-view';

/** Gives a view the colors of paper (style/explorer.css), whatever the theme of the page. */
const PAPER = 'pw-mod-paper';

/**
 * Reads a view while it has the colors of paper, so that a file made in a dark theme can be printed.
 * @param read takes from the page what it needs before its first `await`
 */
export async function onPaper<T>(view: OutputView, read: () => T | Promise<T>): Promise<T> {
  view.node.classList.add(PAPER);
  try {
    view.redraw();
    await drawn();
    return read();
  } finally {
    view.node.classList.remove(PAPER);
    view.redraw();
  }
}

/** Views draw in the next frame; in a page that is out of sight there is none, so this does not wait for it for ever. */
async function drawn(): Promise<void> {
  await new Promise<void>(resolve => {
    const late = setTimeout(resolve, 1000);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(late);
        resolve();
      }),
    );
  });
}
