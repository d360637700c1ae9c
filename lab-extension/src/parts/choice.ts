import { element } from './element';

/**
 * A menu with a few options.
 * @param label its name for people who do not see it
 * @param options value and text of each
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
  for (const [value, text] of options) {
    const option = element('option', '', text);
    option.value = value;
    node.append(option);
  }
  node.addEventListener('change', () => onChoice(node.value as T));
  return node;
}

/** Buttons that belong together. @param label their name for people who do not see them */
export function group(label: string, ...buttons: HTMLElement[]): HTMLElement {
  const node = element('div', 'pw-group', ...buttons);
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', label);
  return node;
}
