import assert from 'node:assert/strict';
import { photograph } from '../lab/photograph';
import { picture } from './browser';
import { drawn } from './canvas';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';

describe('a photograph in the view of a decomposition', () => {
  let notebook: NotebookPage;

  before(async () => void (notebook = await openSaved([photograph()])));
  after(() => notebook?.close());

  const explorer = () => notebook.explorer(0);
  const notes = () => explorer().locator('.pw-scale-note').allInnerTexts();

  const numbers = () => explorer().locator('.pw-waterfall .pw-step-bias').allInnerTexts();

  it('stands beside W∘x over x, summed by superpixel, which the sums below the pointer follow', async () => {
    assert.deepEqual(await explorer().locator('.pw-plates .pw-plate-caption').allInnerTexts(), [
      'input',
      'by superpixel, over x',
      'weight, channels summed',
      'contribution to neutral',
    ]);
    await explorer().locator('.pw-plates canvas').nth(1).hover();
    assert.match(
      await explorer().locator('.pw-reading').innerText(),
      /superpixel \d+ pixels in rows \d+–\d+/,
    );
    await notebook.page.mouse.move(0, 0);
  });

  it('shows the channels one by one, and magnitudes without signs', async () => {
    const contributions = explorer().locator('.pw-plates canvas').nth(3);
    const shown = async () => {
      await drawn(contributions);
      return contributions.evaluate(node => (node as HTMLCanvasElement).toDataURL());
    };
    const seen = [await shown()];
    const channel = explorer().getByLabel('Channel of W and W∘x');
    for (const name of ['red', 'green', 'blue']) {
      await channel.selectOption(name);
      seen.push(await shown());
    }
    await channel.selectOption('channels summed');
    await explorer().getByRole('button', { name: 'magnitude' }).click();
    seen.push(await shown());
    assert.equal(new Set(seen).size, 5);
    assert.match(await explorer().locator('.pw-color-ends').nth(3).innerText(), /^0\.0+\s+\d/);
    await explorer().getByRole('button', { name: 'magnitude' }).click();
    assert.ok((await shown()) === seen[0], 'the first image again');
  });

  it('has one bar for the parts of b that cancel; one click shows them', async () => {
    assert.match((await numbers())[0], /after batch norms/);
    const opener = explorer().getByRole('button', { name: 'b by layer' });
    await opener.press('Enter');
    assert.ok(!(await numbers()).join().includes('after batch norms'));
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    await opener.press('Enter');
    assert.match((await numbers())[0], /after batch norms/);
  });

  it('has scales that leave out extreme pixels and state how many; one click shows all', async () => {
    const stated = (await notes()).filter(Boolean);
    assert.ok(stated.length >= 2, stated.join(' | '));
    for (const note of stated) assert.match(note, /^\d+ pixels? beyond the scale\s*full range$/);
    const button = explorer().getByRole('button', { name: 'full range' }).last();
    await button.press('Enter');
    assert.deepEqual([...new Set((await notes()).filter(Boolean))], ['without extremes']);
    const focused = explorer().locator('.pw-scale-note button:focus');
    assert.equal(await focused.innerText(), 'without extremes', 'the button keeps the focus');
    await focused.press('Enter');
    assert.deepEqual((await notes()).filter(Boolean), stated);
    await picture(notebook.page, '.pw-explorer', 'photograph');
  });
});
