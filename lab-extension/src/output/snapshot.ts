/** Pictures have at least this many pixels per CSS pixel. */
const LEAST_SCALE = 2;

const XHTML = 'http://www.w3.org/1999/xhtml';

/**
 * A view as it looks now, as PNG: a copy of it with our style sheet and the variables of the theme, in an SVG, on a canvas.
 * Canvases become pictures. Nothing is fetched, so no content leaves the page.
 */
export async function snapshot(node: HTMLElement): Promise<Blob> {
  const { width, height } = node.getBoundingClientRect();
  const scale = Math.max(LEAST_SCALE, devicePixelRatio);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asSvg(node, width, height))}`;
  await picture.decode();
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.drawImage(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

function asSvg(node: HTMLElement, width: number, height: number): string {
  const rules = ownRules();
  const page = document.createElementNS(XHTML, 'div') as HTMLElement;
  // Rules read the theme from the body.
  for (const [key, value] of Object.entries(document.body.dataset)) page.dataset[key] = value;
  page.style.cssText = themeOf(node, rules);
  const sheet = document.createElementNS(XHTML, 'style');
  sheet.textContent = rules;
  page.append(sheet, copyOf(node));
  const inner = new XMLSerializer().serializeToString(page);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<foreignObject width="100%" height="100%">${inner}</foreignObject></svg>`
  );
}

/** All rules of the page that concern our classes, including those inside @media and @container. */
function ownRules(): string {
  const found: string[] = [];
  for (const sheet of document.styleSheets) {
    try {
      for (const rule of sheet.cssRules) if (rule.cssText.includes('.pw-')) found.push(rule.cssText);
    } catch {
      // The rules of a style sheet from another origin cannot be read; none of ours are there.
    }
  }
  return found.join('\n');
}

/** The values of the variables that the rules use, and the color of the page as the background. */
function themeOf(node: HTMLElement, rules: string): string {
  const style = getComputedStyle(node);
  const names = new Set(rules.match(/--jp-[\w-]+/g));
  const variables = [...names].map(name => `${name}: ${style.getPropertyValue(name)}`);
  return [...variables, `background: ${style.getPropertyValue('--pw-page')}`, 'height: 100%'].join(';');
}

function copyOf(node: HTMLElement): HTMLElement {
  const copy = node.cloneNode(true) as HTMLElement;
  const canvases = node.querySelectorAll('canvas');
  copy.querySelectorAll('canvas').forEach((canvas, i) => canvas.replaceWith(pictureOf(canvases[i])));
  const menus = node.querySelectorAll('select');
  copy
    .querySelectorAll('select')
    .forEach((menu, i) => menu.options[menus[i].selectedIndex]?.toggleAttribute('selected', true));
  return copy;
}

function pictureOf(canvas: HTMLCanvasElement): HTMLElement {
  const picture = document.createElement('img');
  picture.className = canvas.className;
  picture.style.cssText = canvas.style.cssText;
  picture.src = canvas.toDataURL();
  return picture;
}
