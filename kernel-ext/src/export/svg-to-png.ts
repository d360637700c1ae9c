import { OptionError } from '../errors';
import { figureFonts } from './figure-fonts';

/** What is used of @resvg/resvg-js, which is loaded at the first PNG. */
interface Resvg {
  Resvg: new (svg: string, options: RenderOptions) => { width: number; height: number };
  renderAsync(svg: string, options: RenderOptions): Promise<{ asPng(): Uint8Array }>;
}

interface RenderOptions {
  background: string;
  fitTo: { mode: 'zoom'; value: number };
  /** 1: pixels of small images stay squares. */
  imageRendering: 1;
  font: { loadSystemFonts: false; fontFiles: string[]; defaultFontFamily: string; sansSerifFamily: string };
}

/** The most pixels of a PNG: 256 MB while it is drawn. */
const MOST_PIXELS = 64e6;

const FAMILY = 'DejaVu Sans';

/**
 * An SVG figure as a PNG on white, in the fonts of the package, so that it has the same pixels on every machine.
 * @param scale pixels of the PNG per pixel of the figure, above 0
 * @throws OptionError if the PNG would be too large or empty; an Error if the SVG cannot be read
 */
export async function svgToPng(svg: string, scale: number): Promise<Uint8Array> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded at the first use
  const { Resvg, renderAsync } = require('@resvg/resvg-js') as Resvg;
  const options = optionsFor(scale);
  const { width, height } = new Resvg(svg, options);
  const least = 1 / Math.min(width, height);
  const most = Math.sqrt(MOST_PIXELS / (width * height));
  if (scale < least || scale > most)
    throw new OptionError('plot', 'scale', scale, `${rangeText(least, most)} for this figure`);
  return (await renderAsync(svg, options)).asPng();
}

function optionsFor(scale: number): RenderOptions {
  const { regular, bold } = figureFonts();
  return {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: scale },
    imageRendering: 1,
    font: {
      loadSystemFonts: false,
      fontFiles: [regular, bold],
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
    },
  };
}

/** Rounded to the inside of the range. */
function rangeText(least: number, most: number): string {
  return `a number from ${Math.ceil(1000 * least) / 1000} to ${Math.floor(1000 * most) / 1000}`;
}
