import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { float32, notebookOf, payloadOf, randomNet, seven, takeApart } from '../lab/random-net';
import { command, openNotebook, picture, startBrowser, useTheme } from './browser';
import { startJupyter, type JupyterServer } from './jupyter-server';
import { overflowing } from './overflowing';
import { readingTable } from './reading-table';

const net = randomNet([784, 24, 16, 10], 5);
const x = seven();
const { output, rows } = takeApart(net, x);
const payload = payloadOf(net, x, [28, 28, 1], [1, 4, 7], { selected: 7 });
const hostile = '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>';

/** A vector, a color image with a hostile label, and two payloads that cannot be shown. */
function others(): unknown[] {
  const color = Array.from({ length: 12 * 16 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0.2));
  const vector = Array.from({ length: 40 }, (_, i) => Math.sin(i));
  return [
    payloadOf(randomNet([40, 16, 30], 7), vector, [40], [...Array(30).keys()]),
    payloadOf(randomNet([color.length, 8, 3], 7), color, [12, 16, 3], [0, 1, 2], {
      labels: [hostile, '__proto__', 'dog'],
      exact: false,
      cut: null,
      policies: [{ layer: 'gelu_1', policy: 'tangent' }],
    }),
    { ...payload, input: float32(x, [28, 29]) },
    { ...payload, schemaVersion: '2.0' },
    payloadOf(net, x, [28, 28, 1], [...Array(10).keys()], { selected: 7 }),
  ];
}

describe('the explorer in JupyterLab, in a notebook that was opened again', () => {
  let server: JupyterServer;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  before(async () => {
    server = await startJupyter();
    const notebook = notebookOf([payload, ...others()], 'no-such-kernel');
    await writeFile(join(server.folder, 'saved.ipynb'), JSON.stringify(notebook));
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.on('pageerror', error => faults.push(String(error)));
    await openNotebook(page, server.url, 'saved.ipynb');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    await explorer(0).waitFor();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const explorer = (cell: number): Locator =>
    page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.pw-explorer');
  const canvas = (i: number) => explorer(0).locator('canvas').nth(i);
  const reading = () => explorer(0).locator('.pw-reading');

  it('says the formula first: the logit is W·x + b', async () => {
    const text = (await explorer(0).locator('.pw-formula').innerText()).replace(/\s+/g, ' ');
    const match = /^7 ?logit (\S+) = W·x (\S+) \+ b (\S+)$/.exec(text);
    assert.ok(match, text);
    const [logit, linear, bias] = match.slice(1).map(t => Number(t.replace('−', '-')));
    assert.ok(Math.abs(logit - output[7]) < 0.01);
    assert.ok(Math.abs(linear + bias - logit) < 0.011);
  });

  it('says the proof, the strength and the span', async () => {
    const chips = await explorer(0).locator('.pw-chip').allInnerTexts();
    assert.match(chips[0], /^residual \d·10⁻\S+$/);
    assert.deepEqual(chips.slice(1), ['exact on its region', 'from input to logits · softmax cut off']);
    assert.deepEqual(await explorer(2).locator('.pw-chip').nth(1).innerText(), 'at x only · tangent');
  });

  it('reads x, w and w·x off at the pixel under the pointer, for every saved class', async () => {
    await pointAt(9, 15);
    assert.match(await reading().innerText(), /row 9, column 15/);
    const { columns, numbers } = await readingTable(reading());
    assert.deepEqual(columns, ['7', ...['1', '4'].toSorted((a, b) => output[Number(b)] - output[Number(a)])]);
    columns.forEach((label, i) => {
      const w = rows[Number(label)][9 * 28 + 15];
      assert.ok(Math.abs(numbers['w'][i] - w) < 0.006, `w of ${label}`);
      assert.ok(Math.abs(numbers['w·x'][i] - w * x[9 * 28 + 15]) < 0.006, `w·x of ${label}`);
    });
  });

  it('sums a brushed region exactly', async () => {
    await pointAt(7, 6);
    await page.mouse.down();
    await pointAt(14, 22);
    await page.mouse.up();
    const { columns, numbers } = await readingTable(reading());
    columns.forEach((label, i) => {
      let sum = 0;
      for (let r = 7; r <= 14; r++)
        for (let c = 6; c <= 22; c++) sum += rows[Number(label)][r * 28 + c] * x[r * 28 + c];
      assert.ok(Math.abs(numbers['Σ region'][i] - sum) < 0.006, `${label}: ${sum}`);
    });
    await picture(page, '.pw-explorer', 'explorer-region');
  });

  it('moves the crosshair with the arrow keys, brushes with Shift, and leaves the notebook where it is', async () => {
    await canvas(1).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.match(await reading().innerText(), /pixel row 15, column 15/);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    assert.match(await reading().innerText(), /region rows 15–16, columns 14–15/);
    await page.keyboard.press('Escape');
    assert.match(await reading().innerText(), /strongest pixel/);
    const active = await page.locator('.jp-Notebook .jp-Cell').nth(0).getAttribute('class');
    assert.match(active ?? '', /jp-mod-active/);
  });

  it('switches to a saved class by a click and by the arrow keys', async () => {
    await explorer(0).locator('.pw-class').nth(4).click();
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^4/);
    assert.deepEqual((await readingTable(reading())).columns[0], '4');
    await explorer(0).getByRole('listbox').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowUp');
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^1/);
  });

  it('says in one sentence which rows are here when a row is not saved and no kernel runs', async () => {
    await explorer(0).locator('.pw-class').nth(3).click();
    const sentence = await reading().locator('.pw-refusal').innerText();
    assert.match(
      sentence,
      /row of 3 is not saved.*no kernel is running.*Saved here: .*7.*Run the cell again/,
    );
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^3/);
    await picture(page, '.pw-explorer', 'explorer-no-kernel');
    await explorer(0).locator('.pw-class').nth(7).click();
    assert.equal(await reading().locator('.pw-refusal').count(), 0);
  });

  it('shows one sign only when asked', async () => {
    const all = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: '+', exact: true }).click();
    const positive = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: '−', exact: true }).click();
    const negative = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: 'all', exact: true }).click();
    assert.ok(positive > 0 && negative > 0);
    assert.equal(positive + negative, all);
  });

  it('contrasts two classes: the difference of their rows, b and logits', async () => {
    await explorer(0).getByLabel('Contrast with another class').selectOption({ label: 'against 4' });
    const text = await explorer(0).locator('.pw-formula').innerText();
    const difference = (output[7] - output[4]).toFixed(2).replace('-', '−');
    assert.ok(text.startsWith('7 − 4') && text.includes(difference), text);
    const { columns, numbers } = await readingTable(reading());
    assert.deepEqual(columns[0], '7 − 4');
    assert.ok(
      Math.abs(numbers['w'][0] - (numbers['w'][columns.indexOf('7')] - numbers['w'][columns.indexOf('4')])) <
        0.02,
    );
    await explorer(0).getByLabel('Contrast with another class').selectOption({ label: 'contrast with…' });
  });

  it('shows zero as the page in the light and in the dark theme, and draws again when it changes', async () => {
    for (const [theme, name] of [
      ['JupyterLab Dark', 'dark'],
      ['JupyterLab Light', 'light'],
    ] as const) {
      await useTheme(page, theme);
      const background = await explorer(0).evaluate(node =>
        getComputedStyle(node.ownerDocument.body).getPropertyValue('--jp-layout-color0'),
      );
      assert.deepEqual(await colorAt(canvas(2), 0, 0), await toRgb(background));
      await picture(page, '.pw-explorer', `explorer-${name}`);
    }
  });

  for (const width of [600, 900, 1060, 1200, 1300]) {
    it(`fits into ${width} pixels without anything cut off`, async () => {
      await page.setViewportSize({ width: width + 130, height: 1000 });
      const box = explorer(0);
      await box.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.deepEqual(await box.evaluate(overflowing), []);
      await picture(page, '.pw-explorer', `explorer-${width}`);
    });
  }

  for (const width of [900, 1060, 1200, 1300]) {
    it(`reads all ten classes off without scrolling in ${width} pixels`, async () => {
      await page.setViewportSize({ width: width + 130, height: 1000 });
      const box = explorer(5);
      await box.scrollIntoViewIfNeeded();
      const digit = (await box.locator('canvas').first().boundingBox())!;
      await page.mouse.move(digit.x + digit.width / 2, digit.y + digit.height / 2);
      const table = box.locator('.pw-reading');
      await table.locator('table').waitFor();
      const [inside, room] = await table.evaluate(node => [node.scrollWidth, node.clientWidth]);
      assert.ok(inside <= room, `${inside} pixels of text in ${room}`);
      await picture(page, '.jp-Cell:nth-of-type(6) .pw-explorer', `explorer-ten-${width}`);
    });
  }

  it('shows a vector as the entries that contribute most', async () => {
    await page.setViewportSize({ width: 1440, height: 1000 });
    await explorer(1).scrollIntoViewIfNeeded();
    assert.equal(await explorer(1).locator('.pw-features tr').count(), 21);
    assert.equal(await explorer(1).locator('canvas').count(), 0);
    await picture(page, '.jp-Cell:nth-of-type(2) .pw-explorer', 'explorer-vector');
  });

  it('lists the classes with the largest logits first when there are many, and all on request', async () => {
    assert.equal(await explorer(1).locator('.pw-class').count(), 12);
    await explorer(1).getByRole('button', { name: 'all 30 classes' }).click();
    assert.equal(await explorer(1).locator('.pw-class').count(), 30);
  });

  it('shows a color image in color, and w for each channel', async () => {
    await explorer(2).scrollIntoViewIfNeeded();
    assert.deepEqual(await colorAt(explorer(2).locator('canvas').nth(0), 0.5, 0.5), [255, 51, 51]);
    assert.match(await explorer(2).locator('.pw-reading').innerText(), /w red[\s\S]*w green[\s\S]*w blue/);
  });

  it('shows a hostile label as text', async () => {
    assert.equal(await explorer(2).locator('.pw-class-label').nth(0).textContent(), hostile);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });

  it('says what is wrong with a malformed payload, in the same frame, above the text of the output', async () => {
    await explorer(3).scrollIntoViewIfNeeded();
    assert.match(await explorer(3).innerText(), /input\.data is .* not .* characters of base64/);
    assert.match(await explorer(3).innerText(), /the decomposition as text/);
  });

  it('says which version it reads when a payload is of another one', async () => {
    await explorer(4).scrollIntoViewIfNeeded();
    assert.match(await explorer(4).innerText(), /has version 2\.0, this extension reads 1\.x/);
  });

  it('is drawn again when the notebook scrolls back to it', async () => {
    await explorer(0).scrollIntoViewIfNeeded();
    assert.ok((await inked(canvas(2))) > 0);
  });

  it('gives a second view of the output that goes its own way', async () => {
    await page.locator('.jp-Notebook .jp-Cell').nth(0).locator('.jp-InputPrompt').click();
    await command(page, 'notebook:create-output-view');
    const second = page.locator('.jp-LinkedOutputView .pw-explorer');
    await second.waitFor();
    await second.locator('.pw-class').nth(1).click();
    assert.match(await second.locator('.pw-formula').innerText(), /^1/);
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^7/);
    assert.ok((await inked(second.locator('canvas').nth(2))) > 0);
  });

  it('stands in Notebook 7 as well', async () => {
    const other = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    // Notebook 7.6 throws on its own when it starts without saved settings; what is ours names our files.
    other.on('pageerror', ({ stack = '' }) => stack.includes('jupyterlab-piecewise') && faults.push(stack));
    await other.goto(`${server.url}/notebooks/saved.ipynb`);
    await other.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    const shown = other.locator('.pw-explorer').first();
    await shown.locator('.pw-class').nth(4).click();
    assert.match(await shown.locator('.pw-formula').innerText(), /^4/);
    assert.ok((await inked(shown.locator('canvas').nth(2))) > 0);
    await picture(other, '.pw-explorer', 'explorer-notebook7');
    await other.close();
  });

  it('has thrown nothing into the page', () => {
    assert.deepEqual(faults, []);
  });

  async function pointAt(row: number, column: number): Promise<void> {
    const box = (await canvas(1).boundingBox())!;
    await page.mouse.move(box.x + ((column + 0.5) / 28) * box.width, box.y + ((row + 0.5) / 28) * box.height);
  }

  /** How many device pixels of a canvas differ from its first one, which no stroke touches. */
  function inked(target: Locator): Promise<number> {
    return target.evaluate(node => {
      const { width, height } = node as HTMLCanvasElement;
      const pixels = new Uint32Array(
        (node as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data.buffer,
      );
      return pixels.filter(pixel => pixel !== pixels[0]).length;
    });
  }

  function colorAt(target: Locator, left: number, top: number): Promise<number[]> {
    return target.evaluate(
      (node, [u, v]) => {
        const { width, height } = node as HTMLCanvasElement;
        const context = (node as HTMLCanvasElement).getContext('2d')!;
        return [
          ...context.getImageData(Math.floor(u * width), Math.floor(v * height), 1, 1).data.slice(0, 3),
        ];
      },
      [left, top],
    );
  }

  function toRgb(css: string): Promise<number[]> {
    return page.evaluate(color => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }, css.trim());
  }
});
