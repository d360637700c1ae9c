import type { Page } from 'playwright-core';

/** Milliseconds from the pointer to the frame in which the answer is drawn. */
type Frames = { whatIfFrames: number[]; whatIfFrame: () => void };

/** Frames of "what if", one for each move of the pointer with a pen. */
export class WhatIfFrames {
  /** From now on: a move begins a frame; the answer that the page says to have drawn ends it, once it is painted. */
  static async watch(page: Page): Promise<WhatIfFrames> {
    await page.evaluate(() => {
      const frames: number[] = [];
      const page = window as unknown as Frames;
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
          painted.port1.onmessage = () => {
            frames.push(performance.now() - began);
            page.whatIfFrame();
          };
          requestAnimationFrame(() => painted.port2.postMessage(null));
        }
        return measure.apply(this, of);
      };
      page.whatIfFrames = frames;
      page.whatIfFrame = () => {};
    });
    return new WhatIfFrames(page);
  }

  private seen = 0;

  private constructor(private readonly page: Page) {}

  /** Once the next frame is drawn. The page says so by itself: asking it again and again would take its time. */
  async next(): Promise<void> {
    this.seen++;
    await this.page.evaluate(async count => {
      const page = window as unknown as Frames;
      while (page.whatIfFrames.length < count) await new Promise<void>(drawn => (page.whatIfFrame = drawn));
    }, this.seen);
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
