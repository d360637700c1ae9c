import { element } from './element';

let lastId = 0;

/**
 * Shows a sentence below an element while the pointer is over it or it has the focus; Escape hides the sentence. The element
 * becomes reachable by Tab if it is not yet.
 */
export function explain(node: HTMLElement, sentence: string): void {
  const box = element('span', 'pw-meaning', sentence);
  box.id = `pw-meaning-${++lastId}`;
  box.popover = 'manual';
  box.setAttribute('role', 'tooltip');
  const show = () => {
    if (box.isConnected) return;
    // Beside the element, since a menu shows no children of its own; what replaces the element removes the sentence, too.
    node.after(box);
    box.showPopover();
    placeBelow(box, node);
    node.setAttribute('aria-describedby', box.id);
  };
  const hide = () => {
    box.remove();
    node.removeAttribute('aria-describedby');
  };
  if (node.tabIndex < 0) node.tabIndex = 0;
  node.addEventListener('pointerenter', show);
  node.addEventListener('pointerleave', hide);
  node.addEventListener('focus', show);
  node.addEventListener('blur', hide);
  node.addEventListener('keydown', event => event.key === 'Escape' && hide());
}

/** Below the element, within the window, so that it covers nothing that it explains. */
function placeBelow(box: HTMLElement, node: HTMLElement): void {
  const { left, bottom } = node.getBoundingClientRect();
  const most = document.documentElement.clientWidth - box.offsetWidth - 8;
  box.style.left = `${Math.max(8, Math.min(left, most))}px`;
  box.style.top = `${bottom + 4}px`;
}
