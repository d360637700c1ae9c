import assert from 'node:assert/strict';
import { photograph } from '../lab/photograph';
import { picture } from './browser';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';

describe('a photograph in the view of a decomposition', () => {
  let notebook: NotebookPage;

  before(async () => void (notebook = await openSaved([photograph()])));
  after(() => notebook?.close());

  const explorer = () => notebook.explorer(0);
  const notes = () => explorer().locator('.pw-scale-note').allInnerTexts();

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
