import { element } from './element';

/**
 * A menu of a few ways.
 * @param options value, word; the words become text.
 */
export function menu<T extends string>(
  label: string,
  title: string,
  options: readonly (readonly [T, string])[],
  onChoice: (value: T) => void,
): HTMLSelectElement {
  const node = element('select', 'pw-button');
  node.setAttribute('aria-label', label);
  node.title = title;
  for (const [value, word] of options) {
    const option = element('option', '', word);
    option.value = value;
    node.append(option);
  }
  node.addEventListener('change', () => onChoice(node.value as T));
  return node;
}

/** Buttons that belong together, named for people who do not see them. */
export function group(label: string, ...buttons: HTMLElement[]): HTMLElement {
  const node = element('div', 'pw-group', ...buttons);
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', label);
  return node;
}
