import type { Sprite } from 'piecewise/payload';
import { element } from '../parts/element';

/** One image of a sprite as an element of its own size. */
export function thumbnail(sprite: Sprite, index: number): HTMLElement {
  const node = element('span', sprite.inked ? 'pw-thumbnail pw-mod-inked' : 'pw-thumbnail');
  const { url, height, width, columns } = sprite;
  const [row, column] = [Math.floor(index / columns), index % columns];
  node.style.width = `${width}px`;
  node.style.height = `${height}px`;
  node.style.backgroundImage = `url("${url}")`;
  node.style.backgroundPosition = `-${column * width}px -${row * height}px`;
  return node;
}
