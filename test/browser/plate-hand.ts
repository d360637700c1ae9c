import type { Locator, Page } from 'playwright-core';

/** A hand on one image of a decomposition, at pixels of the whole image. */
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

  /** Holds the button down from the first of these pixels to the last. */
  async drag(...pixels: readonly (readonly [number, number])[]): Promise<void> {
    await this.canvas.scrollIntoViewIfNeeded();
    for (const [n, [row, column]] of pixels.entries()) {
      await this.pointAt(row, column);
      if (n === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }
}
