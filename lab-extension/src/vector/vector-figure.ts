import { element } from '../parts/element';
import { PageToSvg } from './page-to-svg';
import { svgElement } from './svg-element';

/**
 * A view as it looks now, as an SVG figure that can stand alone: without its buttons, with a caption below. Texts, bars and
 * marks are vectors; images are PNG inside the file.
 * @param name what the figure is called
 */
export function vectorFigure(node: HTMLElement, name: string, caption: string): string {
  const copy = node.cloneNode(true) as HTMLElement;
  const contents = [...node.querySelectorAll('canvas')];
  const copies = [...copy.querySelectorAll('canvas')];
  copy.append(element('p', 'pw-figure-caption', caption));
  // The style sheet turns this element into a figure, out of sight.
  const stage = element('div', 'pw-figure', copy);
  stage.ariaHidden = 'true';
  stage.style.width = `${node.getBoundingClientRect().width}px`;
  document.body.append(stage);
  try {
    const svg = new PageToSvg(stage, canvas => contents[copies.indexOf(canvas)]).drawn();
    svg.prepend(svgElement('title', {}, name), svgElement('desc', {}, caption));
    return new XMLSerializer().serializeToString(svg);
  } finally {
    stage.remove();
  }
}
