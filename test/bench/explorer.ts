/**
 * `npm run bench:explorer`: how fast the decomposition explorer of an MNIST digit is in a real JupyterLab with the real kernel:
 * from the message with the output to the first picture, from the pointer to the read-out below it, and from a click on a class
 * to its row of W from the kernel. Prints medians up to the painted frame; for the read-out, also up to its text. A photograph of
 * 224 × 224 pixels, as the kernel has saved it, is timed from the message to the first picture.
 */
import type { Page } from 'playwright-core';
import { LINEARIZATION_MIME } from 'piecewise/payload';
import { command } from '../browser/browser';
import { Lab } from '../browser/lab';
import { notebook } from '../browser/notebook';
import { NotebookPage } from '../browser/notebook-page';
import { photograph } from '../lab/photograph';

const PLOT = 'plot(lin, { rows: 1 });';
const CELLS = [
  `const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
const lin = await linearize(model, (await data.mnist('test')).instance(0));
${PLOT}`,
  ...Array<string>(7).fill(PLOT),
];
/** Shows a saved payload. The source must not contain the MIME type, by which the message with the output is recognized. */
const PHOTOGRAPH = `import { readFileSync } from 'node:fs';
plot({
  [Symbol.for('Jupyter.display')]: () => ({
    [${JSON.stringify(LINEARIZATION_MIME.split('.'))}.join('.')]: JSON.parse(readFileSync('photograph.json', 'utf8')),
  }),
});`;
const PHOTOGRAPHS = Array<string>(5).fill(PHOTOGRAPH);
/** The first view also loads what draws it. */
const WARM = 1;

interface Times {
  outputs: number[];
  texts: number[];
  reads: number[];
  rows: number[];
}

async function main(): Promise<void> {
  const lab = await Lab.start();
  try {
    const live = await NotebookPage.open(lab, notebook([...CELLS, ...PHOTOGRAPHS]));
    await live.write('photograph.json', photograph());
    await live.idle();
    // tsx names functions with this helper, which the page lacks.
    await live.page.evaluate('globalThis.__name = f => f');
    await live.page.evaluate(watch, LINEARIZATION_MIME);
    await show(live, 0, CELLS.length);
    await handle(live);
    await live.cell(CELLS.length).locator('.jp-InputPrompt').click();
    await show(live, CELLS.length, PHOTOGRAPHS.length);
    const { outputs, texts, reads, rows } = await timesOf(live.page);
    print('output to first picture', outputs.slice(WARM, CELLS.length));
    print('… of a photograph', outputs.slice(CELLS.length));
    print('pointer to text', texts);
    print('pointer to read-out', reads);
    print('click to row of W', rows);
    await live.close();
  } finally {
    await lab.close();
  }
}

/** Runs some cells, one after another. */
async function show(live: NotebookPage, from: number, count: number): Promise<void> {
  for (let cell = from; cell < from + count; cell++) {
    await command(live.page, 'notebook:run-cell-and-select-next');
    await live.explorer(cell).locator('.pw-plate canvas').first().waitFor();
    await live.page.waitForTimeout(500);
  }
}

/** Points at pixels, then picks the classes whose rows are not in the notebook. */
async function handle(live: NotebookPage): Promise<void> {
  const explorer = live.explorer(CELLS.length - 1);
  const box = (await explorer.locator('.pw-plate canvas').first().boundingBox())!;
  for (let i = 0; i < 40; i++) {
    await live.page.mouse.move(box.x + 20 + 4 * i, box.y + 20 + 4 * i);
    await live.page.waitForTimeout(60);
  }
  for (const c of [0, 1, 2, 3, 4, 5, 6, 8, 9]) {
    await explorer.locator('.pw-class').nth(c).click();
    await live.page.waitForTimeout(300);
  }
}

/** Runs in the page: keeps how long each answer takes, from its event to the frame that shows it. */
function watch(mime: string): void {
  const times: Times = { outputs: [], texts: [], reads: [], rows: [] };
  let [output, move, click]: (number | null)[] = [null, null, null];
  Object.assign(window, { times });

  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')!;
  Object.defineProperty(MessageEvent.prototype, 'data', {
    configurable: true,
    get(this: MessageEvent) {
      const value: unknown = get!.call(this);
      const text = value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : String(value);
      if (this.target instanceof WebSocket && text.includes(mime)) output = this.timeStamp;
      return value;
    },
  });
  document.addEventListener('pointermove', event => (move = event.timeStamp), true);
  document.addEventListener('click', event => (click = event.timeStamp), true);

  /** The task after a frame's callbacks runs when the frame has been painted. */
  const painted = (then: () => void): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    requestAnimationFrame(() => channel.port2.postMessage(null));
  };
  /** Keeps the time since an event, if one is awaited. @returns whether none is awaited any longer */
  const since = (began: number | null, list: number[]): null => {
    if (began !== null) painted(() => list.push(performance.now() - began));
    return null;
  };
  new MutationObserver(records => {
    for (const { target, addedNodes, attributeName } of records) {
      const near = target instanceof Element ? target : target.parentElement!;
      const isNew = [...addedNodes].some(
        node => node instanceof Element && node.querySelector('.pw-plate canvas'),
      );
      if (isNew) output = since(output, times.outputs);
      if (near.closest('.pw-reading') && move !== null) {
        times.texts.push(performance.now() - move);
        move = since(move, times.reads);
      }
      if (attributeName && near.getAttribute('aria-busy') === 'false') click = since(click, times.rows);
    }
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ['aria-busy'],
  });
}

const timesOf = (page: Page): Promise<Times> =>
  page.evaluate(() => (window as unknown as { times: Times }).times);

function print(name: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [least, median] = [sorted[0], sorted[sorted.length >> 1]].map(t => `${t?.toFixed(1) ?? '-'} ms`);
  console.log(`${name.padEnd(24)} ${median.padStart(10)}, fastest ${least} (${times.length} times)`);
}

void main();
