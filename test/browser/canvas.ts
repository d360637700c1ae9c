import type { Locator } from 'playwright-core';

/** Canvases are drawn in the next frame. */
export const drawn = (canvas: Locator): Promise<unknown> =>
  canvas.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Counts the device pixels of a canvas that differ from its first one, which no stroke touches. */
export async function inked(canvas: Locator): Promise<number> {
  await drawn(canvas);
  return canvas.evaluate(node => {
    const { width, height } = node as HTMLCanvasElement;
    const pixels = new Uint32Array(
      (node as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data.buffer,
    );
    return pixels.filter(pixel => pixel !== pixels[0]).length;
  });
}

/** Reads red, green and blue at a position that is given as shares of the width and the height. */
export async function colorAt(canvas: Locator, left: number, top: number): Promise<number[]> {
  await drawn(canvas);
  return canvas.evaluate(
    (node, [u, v]) => {
      const { width, height } = node as HTMLCanvasElement;
      const context = (node as HTMLCanvasElement).getContext('2d')!;
      return [...context.getImageData(Math.floor(u * width), Math.floor(v * height), 1, 1).data.slice(0, 3)];
    },
    [left, top],
  );
}
