import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What pypdf finds in a PDF file. */
export interface ReadPdf {
  pages: number;
  /** Sides of the first page in points. */
  size: [number, number];
  text: string;
  title: string;
  images: number;
  fonts: string[];
  /** Names of objects that would run or open something. */
  active: string[];
}

const SCRIPT = `
import json, sys
from pypdf import PdfReader
reader = PdfReader(sys.argv[1], strict=True)
page = reader.pages[0]
fonts = [str(font.get_object()['/BaseFont']) for font in page['/Resources'].get('/Font', {}).values()]
active = [key for key in ('/JS', '/JavaScript', '/OpenAction', '/AA', '/URI', '/EmbeddedFiles', '/Launch')
          for i in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1)
          if key in str(reader.get_object(i))]
print(json.dumps({
    'pages': len(reader.pages), 'size': [float(side) for side in page.mediabox[2:]], 'text': page.extract_text(),
    'title': reader.metadata.title, 'images': len(page.images), 'fonts': fonts, 'active': active}))
`;

/** Reads a PDF file with pypdf, which is strict: it fails at the first fault of the file. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const folder = await mkdtemp(path.join(tmpdir(), 'piecewise-'));
  try {
    const file = path.join(folder, 'figure.pdf');
    await writeFile(file, bytes);
    const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT, file]);
    return JSON.parse(stdout) as ReadPdf;
  } finally {
    await rm(folder, { recursive: true });
  }
}
