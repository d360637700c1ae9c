import type { Locator, Page } from 'playwright-core';

/** Points, presses and drags on one image of a decomposition. Positions are in pixels of the whole image. */
export class PlateHand {
  /** @param size of the image, in pixels */
  constructor(
    private readonly page: Page,
    readonly canvas: Locator,
    private readonly size: { height: number; width: number } = { height: 28, width: 28 },
  ) {}

  async pointAt(row: number, column: number): Promise<void> {
    const box = (await this.canvas.boundingBox())!;
    await this.page.mouse.move(
      box.x + ((column + 0.5) / this.size.width) * box.width,
      box.y + ((row + 0.5) / this.size.height) * box.height,
    );
  }

  /** Drags from the first of these pixels to the last with the button down. */
  async drag(...pixels: readonly (readonly [number, number])[]): Promise<void> {
    await this.canvas.scrollIntoViewIfNeeded();
    for (const [n, [row, column]] of pixels.entries()) {
      await this.pointAt(row, column);
      if (n === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }
}
