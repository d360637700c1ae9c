import type { Locator, Page } from 'playwright-core';
import { PlateHand } from './plate-hand';

/** Moves the pointer in the view of an embedding whose coordinates are known. */
export class EmbeddingHand {
  private readonly stage: Locator;

  /** @param coordinates [N][2], the kernel's own */
  constructor(
    private readonly page: Page,
    private readonly view: Locator,
    private readonly coordinates: readonly number[][],
  ) {
    this.stage = view.locator('.pw-embedding-marks');
  }

  /** Where a point is on the screen when all points are shown, on one scale, with a margin. */
  private async spot(point: number): Promise<{ x: number; y: number }> {
    await this.view.getByRole('button', { name: 'all', exact: true }).click();
    await this.stage.scrollIntoViewIfNeeded();
    const box = (await this.stage.boundingBox())!;
    const range = [0, 1].map(axis => {
      const values = this.coordinates.map(point => point[axis]);
      return [Math.min(...values), Math.max(...values)];
    });
    const scale =
      0.9 * Math.min(box.width / (range[0][1] - range[0][0]), box.height / (range[1][1] - range[1][0]));
    const from = (axis: number) => this.coordinates[point][axis] - (range[axis][0] + range[axis][1]) / 2;
    return { x: box.x + box.width / 2 + from(0) * scale, y: box.y + box.height / 2 - from(1) * scale };
  }

  async hover(point: number): Promise<void> {
    const { x, y } = await this.spot(point);
    await this.page.mouse.move(x - 3, y);
    await this.page.mouse.move(x, y);
  }

  async click(point: number): Promise<void> {
    const { x, y } = await this.spot(point);
    await this.page.mouse.click(x, y);
  }

  /** Presses on a point and drags it some pixels to the right and down. */
  async pull(point: number, [right, down]: [number, number]): Promise<void> {
    const { x, y } = await this.spot(point);
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + right, y + down, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Drags along points that are given as shares of the width and height of the picture. */
  async drag(...corners: [number, number][]): Promise<void> {
    await this.stage.scrollIntoViewIfNeeded();
    const box = (await this.stage.boundingBox())!;
    for (const [n, [x, y]] of corners.entries()) {
      await this.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
      if (n === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }

  /** Drags over the n-th image of the explanation, first along the row where the drag begins and then to its end. */
  async dragPlate(plate: number, from: [number, number], to: [number, number]): Promise<void> {
    const [row, first] = from;
    const columns = to[1] - first;
    // A pen leaves a mark wherever the pointer is, so it moves in steps smaller than its width.
    const between = Array.from(
      { length: Math.max(0, Math.abs(columns) - 1) },
      (_, n) => [row, first + (n + 1) * Math.sign(columns)] as const,
    );
    const canvas = this.view.locator('.pw-explanation').locator('canvas').nth(plate);
    await new PlateHand(this.page, canvas).drag(from, ...between, to);
  }
}
