import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { pictureFile } from './browser';

/** Attributes and elements that would run or fetch something. */
const FOREIGN = 'script, foreignObject, iframe, a, animate, set';

interface Content {
  texts: string[];
  images: number;
  foreign: string[];
}

/** An SVG file as a browser's XML parser reads it, which stops at the first fault. */
export class SvgFile {
  static async open(page: Page, source: string): Promise<SvgFile> {
    const content = await page.evaluate(
      ([text, foreign]) => {
        const file = new DOMParser().parseFromString(text, 'image/svg+xml');
        const fault = file.querySelector('parsererror');
        const all = [...file.querySelectorAll('*')];
        const calls = all.flatMap(node =>
          [...node.attributes]
            .filter(
              ({ name, value }) =>
                /^on/.test(name) || (/href$|^src$/.test(name) && !/^(#|data:image)/.test(value)),
            )
            .map(({ name }) => name),
        );
        return {
          texts: [...file.querySelectorAll('text')].map(node => (node.textContent ?? '').trim()),
          images: file.querySelectorAll('image').length,
          foreign: [
            ...(fault ? [fault.textContent ?? ''] : []),
            ...[...file.querySelectorAll(foreign)].map(node => node.localName),
            ...calls,
          ],
        };
      },
      [source, FOREIGN],
    );
    return new SvgFile(page, source, content);
  }

  /** The text of each `text` element. */
  readonly texts: readonly string[];
  readonly images: number;
  /** What in it would run or be fetched, and what is not well formed. */
  readonly foreign: readonly string[];

  private constructor(
    private readonly page: Page,
    private readonly source: string,
    { texts, images, foreign }: Content,
  ) {
    this.texts = texts;
    this.images = images;
    this.foreign = foreign;
  }

  /** Leaves the file and a picture of it in test/output, for people to look at. */
  async picture(name: string): Promise<void> {
    const path = await pictureFile(`${name}.svg`);
    await writeFile(path, this.source);
    const sheet = await this.page.context().browser()!.newPage();
    await sheet.goto(`file://${path}`);
    await sheet.screenshot({ path: await pictureFile(`${name}.png`) });
    await sheet.close();
  }
}
