import { readFile } from 'node:fs/promises';
import { pdfFigure, type PdfLibraries } from '../payload';
import { figureFonts } from './figure-fonts';

/** An SVG figure as a PDF. The libraries and fonts are loaded at the first one. */
export async function svgToPdf(svg: string, title: string): Promise<Uint8Array> {
  const files = figureFonts();
  const [regular, bold] = await Promise.all([readFile(files.regular), readFile(files.bold)]);
  return pdfFigure(svg, title, { ...libraries(), fonts: { regular, bold } });
}

/** These packages have no types of their own; those of others drag in Node's types, which a page has not. */
function libraries(): Omit<PdfLibraries, 'fonts'> {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded at the first use, and without types */
  const Document = require('pdfkit') as PdfLibraries['Document'];
  const { toBytes } = require('pdfkit/output') as Pick<PdfLibraries, 'toBytes'>;
  const drawSvg = require('svg-to-pdfkit') as PdfLibraries['drawSvg'];
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { Document, toBytes, drawSvg };
}
