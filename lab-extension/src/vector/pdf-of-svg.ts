import { pdfFigure } from 'piecewise/payload';

/** An SVG figure as a PDF. The libraries and fonts (2 MB) are loaded at the first one. */
export async function pdfOfSvg(svg: string, title: string): Promise<Blob> {
  const [{ default: Document }, { toBytes }, { default: drawSvg }, regular, bold] = await Promise.all([
    import('pdfkit'),
    import('pdfkit/output'),
    import('svg-to-pdfkit'),
    import('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf').then(font),
    import('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf').then(font),
  ]);
  const bytes = await pdfFigure(svg, title, { Document, drawSvg, toBytes, fonts: { regular, bold } });
  return new Blob([new Uint8Array(bytes)], { type: 'application/pdf' });
}

async function font({ default: address }: { default: string }): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the font of the PDF cannot be loaded (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
