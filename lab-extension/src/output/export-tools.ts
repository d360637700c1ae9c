import { group } from '../parts/choice';
import { button, element } from '../parts/element';
import type { OutputView } from '../parts/output-view';
import { EXPORTS, runExport } from './exports';

/** A button that opens the buttons of all exports of a view. Escape closes them. */
export function exportTools(view: OutputView): HTMLElement {
  const forms = group(
    'Export as',
    ...EXPORTS.map(form =>
      button(
        form.word,
        () => {
          open(false);
          void runExport(form, view);
        },
        form.title,
      ),
    ),
  );
  const opener = button(
    'export',
    () => open(forms.hidden !== false),
    'Save this view, or copy it as an image',
  );
  const open = (isOpen: boolean) => {
    forms.hidden = !isOpen;
    opener.setAttribute('aria-expanded', String(isOpen));
  };
  open(false);
  const node = element('div', 'pw-export', opener, forms);
  node.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || forms.hidden) return;
    event.stopPropagation();
    open(false);
    opener.focus();
  });
  return node;
}
