/** A document of pdfkit, as far as it is used here. */
export interface PdfDocument {
  registerFont(name: string, file: Uint8Array): unknown;
  end(): void;
}

/** pdfkit and svg-to-pdfkit, which are loaded only when a PDF is made, and the fonts of its texts. */
export interface PdfLibraries {
  Document: new (options: {
    size: [number, number];
    margin: number;
    /** The first font; null, since the ones that PDF readers bring have no subscripts, Greek or mathematical signs. */
    font: null;
    info: { Title: string; Creator: string };
  }) => PdfDocument;
  drawSvg: (document: PdfDocument, svg: string, x: number, y: number, options: object) => void;
  toBytes: (document: PdfDocument) => Promise<Uint8Array>;
  /** TrueType files. */
  fonts: { regular: Uint8Array; bold: Uint8Array };
}

/** A CSS pixel in points. */
const POINT = 0.75;

/**
 * An SVG figure as a PDF of one page of its size: texts stay texts, and marks stay vectors.
 * @param svg its root has `width` and `height` in pixels
 */
export async function pdfFigure(
  svg: string,
  title: string,
  { Document, drawSvg, toBytes, fonts }: PdfLibraries,
): Promise<Uint8Array> {
  const [width, height] = ['width', 'height'].map(side => POINT * sideOf(svg, side));
  const info = { Title: title, Creator: 'Piecewise' };
  const document = new Document({ size: [width, height], margin: 0, font: null, info });
  for (const [name, file] of Object.entries(fonts)) document.registerFont(name, file);
  drawSvg(document, svg, 0, 0, {
    width,
    height,
    fontCallback: (_: string, isBold: boolean) => (isBold ? 'bold' : 'regular'),
  });
  const bytes = toBytes(document);
  document.end();
  return bytes;
}

function sideOf(svg: string, side: string): number {
  return Number(new RegExp(`<svg[^>]*? ${side}="([\\d.]+)`).exec(svg)?.[1] ?? 1);
}
