/**
 * One DOM element with its children. Strings become text nodes, so no text of a payload is ever parsed as HTML.
 * @param className space-separated classes; '' for none.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** A button. @param title what it does, if its text does not make that clear */
export function button(text: string, onClick: () => void, title = ''): HTMLButtonElement {
  const node = element('button', 'pw-button', text);
  node.type = 'button';
  if (title) node.title = title;
  node.addEventListener('click', onClick);
  return node;
}

/** A symbol with an index, such as W with a class. */
export function indexed(symbol: string, index: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(symbol, element('sub', '', index));
  return fragment;
}

/** The CSS class that colors a number: adds, takes away, or neither. */
export function signClass(value: number): string {
  if (value === 0) return 'pw-number';
  return value > 0 ? 'pw-number pw-adds' : 'pw-number pw-takes';
}
