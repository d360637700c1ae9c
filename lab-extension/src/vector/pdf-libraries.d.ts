/* The types of pdfkit and svg-to-pdfkit are those of Node; a page needs only this of them. */

declare module 'pdfkit' {
  const Document: import('piecewise/payload').PdfLibraries['Document'];
  export default Document;
}

declare module 'pdfkit/output' {
  export const toBytes: import('piecewise/payload').PdfLibraries['toBytes'];
}

declare module 'svg-to-pdfkit' {
  const drawSvg: import('piecewise/payload').PdfLibraries['drawSvg'];
  export default drawSvg;
}

declare module '*.ttf' {
  const address: string;
  export default address;
}
