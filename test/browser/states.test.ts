import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { Cable } from './cable';
import { command, picture } from './browser';
import { inked } from './canvas';
import { runLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';
import { themedPictures } from './themed-pictures';

const EXPLAIN = `
const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
const digits = await data.mnist('test');
const lin = await linearize(model, digits.instance(0));
plot(lin, { rows: 1 });
`;

/** A synchronous cell: the kernel answers nothing until it ends. */
const BUSY = `
const end = Date.now() + 4000;
while (Date.now() < end) {}
console.log('done');
`;

/** Cells that fill more than one screen, so that the first one can be scrolled out of it. */
const FILLING = Array.from({ length: 30 }, (_, i) => `// ${i}\n//\n//\n//\n//\n//`);

describe('the states of an explorer with a kernel', () => {
  let live: NotebookPage;
  let page: Page;
  let cable: Cable;

  before(async () => {
    live = await runLive([EXPLAIN, BUSY, ...FILLING]);
    page = live.page;
    await live.cell(1).getByText('done').last().waitFor();
    await command(page, 'docmanager:save');
    cable = await Cable.to(live.lab.server.url);
  });
  after(async () => {
    cable?.close();
    await live?.close();
  });

  const choose = (c: number) => live.explorer().locator('.pw-class').nth(c).click();
  const absent = (): Locator => live.explorer().locator('.pw-mod-absent');
  const reading = (): Locator => live.explorer().locator('.pw-reading');
  const arrived = () => absent().first().waitFor({ state: 'detached' });

  it('busy: reports that the answer comes after the cell, and then shows it', async () => {
    await live.cell(1).locator('.cm-content').click();
    const run = command(page, 'notebook:run-cell');
    await live.cell(1).locator('.jp-InputPrompt').getByText('[*]').waitFor();
    await choose(3);
    await reading()
      .getByText(/^The kernel is busy; the answer comes/)
      .waitFor();
    await pictures('busy');
    await arrived();
    assert.equal(await reading().getByText('The kernel is busy').count(), 0);
    await run;
  });

  it('reloaded: shows what was saved, and asks the same kernel for more', async () => {
    await live.show('notebook.ipynb', cable.url);
    await live.idle();
    assert.match(await live.explorer().locator('.pw-formula').innerText(), /^7/);
    await choose(4);
    await arrived();
  });

  it('reconnecting: reports that, and gets the answer when the connection is back', async () => {
    cable.cut();
    await page.getByText('TypeScript (Piecewise) | Connecting').waitFor();
    await choose(5);
    await reading()
      .getByText(/^The connection to the kernel was lost/)
      .waitFor();
    await picture(page, '.pw-explorer', 'state-reconnecting');
    cable.mend();
    // A person does this instead of waiting for JupyterLab's next attempt.
    await command(page, 'notebook:reconnect-to-kernel');
    await arrived();
    assert.match(await live.explorer().locator('.pw-formula').innerText(), /^5/);
  });

  it('scrolled out of a windowed notebook and back: drawn as it was left', async () => {
    await live.lab.server.changeSettings('@jupyterlab/notebook-extension:tracker', { windowingMode: 'full' });
    await live.show('notebook.ipynb');
    await live.idle();
    await choose(6);
    await arrived();
    // JupyterLab would keep the active cell in the page.
    await live.cell(2).locator('.jp-InputPrompt').click();
    const view = page.locator('.jp-WindowedPanel-outer').first();
    await view.evaluate(node => node.scrollTo(0, node.scrollHeight));
    await page.locator('.pw-explorer').first().waitFor({ state: 'hidden' });
    await view.evaluate(node => node.scrollTo(0, 0));
    await live.explorer().waitFor();
    assert.match(await live.explorer().locator('.pw-formula').innerText(), /^6/);
    assert.ok((await inked(live.explorer().locator('canvas').nth(2))) > 0);
    await choose(8);
    await arrived();
  });

  it('in a copied notebook with a kernel of its own: reports that this kernel does not know it', async () => {
    const copy = JSON.parse(await readFile(live.path, 'utf8')) as object;
    await mkdir(join(live.folder, 'elsewhere'));
    await live.write('elsewhere/copy.ipynb', copy);
    await live.show('elsewhere/copy.ipynb');
    await live.idle();
    assert.match(await live.explorer().locator('.pw-formula').innerText(), /^7/);
    await choose(3);
    const sentence = reading().locator('.pw-refusal');
    assert.match(
      await sentence.innerText(),
      /row of 3 is not saved.*kernel has restarted since then, or no longer holds it/,
    );
  });

  it('after the kernel was shut down: reports that none is running', async () => {
    await command(page, 'notebook:shutdown-kernel');
    await choose(4);
    const sentence = reading().locator('.pw-refusal');
    assert.match(await sentence.innerText(), /row of 4 is not saved.*no kernel is running.*Saved here: 7/);
    await pictures('no-kernel');
  });

  it('throws nothing in the page and logs no error', () => {
    // JupyterLab's own polls fail like this while the cable is cut.
    assert.deepEqual(
      live.faults.filter(fault => fault !== 'TypeError: Failed to fetch'),
      [],
    );
  });

  async function pictures(state: string): Promise<void> {
    await themedPictures(page, '.pw-explorer', `state-${state}`);
  }
});
