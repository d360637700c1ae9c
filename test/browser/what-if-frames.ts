import type { Page } from 'playwright-core';

/** Milliseconds from a move of the pointer to the frame in which its answer is drawn. */
type Frames = { whatIfFrames: number[]; whatIfFrame: () => void };

/** Measures the frames of "what if", one per move of the pen. */
export class WhatIfFrames {
  /** Starts measuring. A move of the pointer begins a frame, which ends when the answer that the page has drawn is painted. */
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
          // The task after a frame's callbacks runs when the frame is painted.
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

  /** Waits until the next frame is drawn. The page reports that by itself, because polling would slow it down. */
  async next(): Promise<void> {
    this.seen++;
    await this.page.evaluate(async count => {
      const page = window as unknown as Frames;
      while (page.whatIfFrames.length < count) await new Promise<void>(drawn => (page.whatIfFrame = drawn));
    }, this.seen);
  }

  /** How long the median frame took, and how much of that was the round trip to the kernel. */
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
