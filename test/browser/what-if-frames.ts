import type { Page } from 'playwright-core';

/** Milliseconds from the pointer to the frame in which the answer is drawn. */
type Frames = { whatIfFrames: number[] };

/** Frames of "what if", one for each move of the pointer with a pen. */
export class WhatIfFrames {
  /** From now on: a move begins a frame; the answer that the page says to have drawn ends it, once it is painted. */
  static async watch(page: Page): Promise<WhatIfFrames> {
    await page.evaluate(() => {
      const frames: number[] = [];
      let from: number | null = null;
      document.addEventListener(
        'pointermove',
        event => (from = event.buttons === 1 ? event.timeStamp : from),
        true,
      );
      const { measure } = performance;
      performance.measure = function (this: Performance, ...of: Parameters<typeof measure>) {
        const began = from;
        if (of[0] === 'piecewise:what-if' && began !== null) {
          from = null;
          // The task behind a frame's callbacks runs when the frame is painted.
          const painted = new MessageChannel();
          painted.port1.onmessage = () => frames.push(performance.now() - began);
          requestAnimationFrame(() => painted.port2.postMessage(null));
        }
        return measure.apply(this, of);
      };
      (window as unknown as Frames).whatIfFrames = frames;
    });
    return new WhatIfFrames(page);
  }

  private seen = 0;

  private constructor(private readonly page: Page) {}

  /** Once the next frame is drawn. */
  async next(): Promise<void> {
    this.seen++;
    await this.page.waitForFunction(
      count => (window as unknown as Frames).whatIfFrames.length >= count,
      this.seen,
    );
  }

  /** How long the median frame took, and of it the way to the kernel and back. */
  async medians(): Promise<string> {
    const { whole, answers } = await this.page.evaluate(() => ({
      whole: (window as unknown as Frames).whatIfFrames,
      answers: performance.getEntriesByName('piecewise:what-if-answer').map(entry => entry.duration),
    }));
    const text = (times: number[]) =>
      `${times.sort((a, b) => a - b)[times.length >> 1].toFixed(1)} ms (fastest ${times[0].toFixed(1)})`;
    return `from pointer to picture ${text(whole)}, of which to the kernel and back ${text(answers)}`;
  }
}
