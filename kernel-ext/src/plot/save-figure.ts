import { extname, resolve } from 'node:path';
import { embeddingSvg } from '../bundles/embedding/embedding-svg';
import { linearizationSvg } from '../bundles/linearization/linearization-svg';
import { PLOTLY_MIME } from '../charts/chart-bundle';
import { FigureFileError } from '../display/errors';
import { OptionError } from '../errors';
import { checkOption, POSITIVE } from '../errors/check-options';
import { svgToPdf } from '../export/svg-to-pdf';
import { svgToPng } from '../export/svg-to-png';
import { replaceFile } from '../files/replace-file';
import { escaped } from '../page/page-parts';
import {
  EMBEDDING_MIME,
  type EmbeddingPayload,
  LINEARIZATION_MIME,
  PATH_MIME,
  readDecomposition,
} from '../payload';
import type { Bundle } from '../sink/sink';

/** The formats of `plot(thing, { file })`, by the file's extension. */
const FIGURE_FORMATS = ['.svg', '.pdf', '.png', '.html', '.json'] as const;

/** Sharp on screens of high density. */
const DEFAULT_SCALE = 2;

type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** The things whose payloads are data that others read: for our explorers, and for plotly. */
const DATA = [LINEARIZATION_MIME, EMBEDDING_MIME, PATH_MIME, PLOTLY_MIME];

/** Where a figure goes besides the page. */
export interface FigureFile {
  /** Also writes the figure into this file, on white: its extension, .svg, .pdf, .png, .html or .json, is the format. */
  file?: string;
  /** Pixels of a .png per pixel of the figure: 1 is 96 dpi, and 3.125 is 300 dpi. Default: 2. */
  scale?: number;
}

/**
 * Checks where a figure is to go, before the work that makes it.
 * @throws FigureFileError, OptionError
 */
export function checkFigureFile({ file, scale }: FigureFile): void {
  const format = file === undefined ? null : figureFormat(file);
  if (scale === undefined) return;
  checkOption('plot', 'scale', scale, POSITIVE);
  if (format !== '.png')
    throw new OptionError('plot', 'scale', scale, 'it with a file whose name ends in .png, or leave it out');
}

/** @throws FigureFileError */
function figureFormat(file: string): FigureFormat {
  const format = FIGURE_FORMATS.find(one => one === extname(String(file)).toLowerCase());
  if (format) return format;
  throw new FigureFileError(String(file), `a name that ends in ${FIGURE_FORMATS.join(', ')}`);
}

/**
 * Writes what a bundle shows into a file, on white, without a browser. A file that is already there is replaced only by a
 * complete one.
 * @returns the path of the file
 * @throws FigureFileError if there is no such form of the thing; OptionError if its PNG would be too large; FileWriteError
 */
export async function saveFigure(bundle: Bundle, file: string, scale = DEFAULT_SCALE): Promise<string> {
  await replaceFile(file, await contentOf(bundle, file, scale));
  return resolve(file);
}

async function contentOf(bundle: Bundle, file: string, scale: number): Promise<string | Uint8Array> {
  const title = String(bundle['text/plain'] ?? 'Figure').split('\n')[0];
  switch (figureFormat(file)) {
    case '.svg':
      return svgOf(bundle, file);
    case '.pdf':
      return svgToPdf(svgOf(bundle, file), title);
    case '.png':
      return pngOf(svgOf(bundle, file), file, scale);
    case '.html':
      return pageOf(bundle, title);
    case '.json':
      return jsonOf(bundle, file);
  }
}

/** @throws FigureFileError */
function svgOf(bundle: Bundle, file: string): string {
  const svg = bundle['image/svg+xml'];
  if (typeof svg === 'string') return svg;
  if (bundle[LINEARIZATION_MIME]) return linearizationSvg(readDecomposition(bundle[LINEARIZATION_MIME]));
  if (bundle[EMBEDDING_MIME]) return embeddingSvg(bundle[EMBEDDING_MIME] as EmbeddingPayload);
  throw new FigureFileError(
    file,
    'a name that ends in .html or .json, since this thing has no picture outside a browser',
  );
}

/** @throws FigureFileError for an SVG of others that is none; OptionError */
async function pngOf(svg: string, file: string, scale: number): Promise<Uint8Array> {
  try {
    return await svgToPng(svg, scale);
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new FigureFileError(
      file,
      `a name that ends in .svg, since the picture of this thing cannot be drawn (${(error as Error).message})`,
    );
  }
}

function pageOf(bundle: Bundle, title: string): string {
  const page = bundle['text/html'] ?? bundle['image/svg+xml'];
  const body = typeof page === 'string' ? page : `<pre>${escaped(String(bundle['text/plain']))}</pre>`;
  return (
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n` +
    `<body style="background-color: #ffffff">\n${body}\n</body>\n</html>\n`
  );
}

/** @throws FigureFileError */
function jsonOf(bundle: Bundle, file: string): string {
  const mime = DATA.find(one => bundle[one] !== undefined);
  if (mime) return `${JSON.stringify(bundle[mime])}\n`;
  throw new FigureFileError(
    file,
    'a name that ends in .svg, .pdf, .png or .html, since this thing is not shown as data',
  );
}
