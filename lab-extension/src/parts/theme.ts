import type { IDisposable } from '@lumino/disposable';
import type { Color, Palette } from 'piecewise/payload';

/** The palette at `node`, from the CSS variables of the theme and of style/explorer.css. */
export function readPalette(node: HTMLElement): Palette {
  const style = getComputedStyle(node);
  const color = (name: string, fallback: string): Color => {
    const [red, green, blue] = readColor(style.getPropertyValue(name).trim() || fallback);
    return [red, green, blue];
  };
  return {
    page: color('--pw-page', '#fff'),
    ink: color('--pw-ink', '#000'),
    adds: color('--pw-adds', '#b35806'),
    takes: color('--pw-takes', '#1f6cb0'),
  };
}

/** Calls `redraw` after JupyterLab has changed its theme, which it marks on the body. */
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

const known = new Map<string, readonly [...Color, number]>();

/** Any CSS color as red, green, blue and opacity, each 0 to 255; the canvas knows them all. */
export function readColor(css: string): readonly [...Color, number] {
  let color = known.get(css);
  if (!color) {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, opacity] = context.getImageData(0, 0, 1, 1).data;
    known.set(css, (color = [red, green, blue, opacity]));
  }
  return color;
}
