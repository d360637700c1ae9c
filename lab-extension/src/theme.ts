import type { IDisposable } from '@lumino/disposable';
import type { Color, Palette } from './figures/color-scale';

/** The palette at `node`, from the CSS variables of the theme and of style/explorer.css. */
export function readPalette(node: HTMLElement): Palette {
  const style = getComputedStyle(node);
  const color = (name: string, fallback: string) => toColor(style.getPropertyValue(name).trim() || fallback);
  return {
    page: color('--pw-page', '#fff'),
    ink: color('--pw-ink', '#000'),
    adds: color('--pw-adds', '#b35806'),
    takes: color('--pw-takes', '#1f6cb0'),
  };
}

/** Calls `redraw` after JupyterLab has changed its theme; it marks every theme on the body. */
export function onThemeChange(redraw: () => void): IDisposable {
  const observer = new MutationObserver(() => requestAnimationFrame(redraw));
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light'],
  });
  let isDisposed = false;
  return {
    get isDisposed() {
      return isDisposed;
    },
    dispose: () => {
      isDisposed = true;
      observer.disconnect();
    },
  };
}

/** Any CSS color as red, green and blue: the canvas knows them all. */
function toColor(css: string): Color {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}
