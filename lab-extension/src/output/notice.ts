import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { element } from '../parts/element';

/** One sentence in the frame of a view, and below it the picture or the text that the output also carries. */
export function notice(sentence: string, data: ReadonlyPartialJSONObject): HTMLElement {
  const status = element('div', 'pw-refusal', sentence);
  status.setAttribute('role', 'status');
  const node = element('div', 'pw-explorer pw-notice', status);
  const png = data['image/png'];
  const text = data['text/plain'];
  if (typeof png === 'string' && /^[A-Za-z0-9+/=\s]+$/.test(png)) {
    const image = element('img', 'pw-twin');
    image.src = `data:image/png;base64,${png}`;
    image.alt = typeof text === 'string' ? text : 'The output as a picture';
    node.append(image);
  } else if (typeof text === 'string') {
    node.append(element('pre', 'pw-twin', text));
  }
  return node;
}
