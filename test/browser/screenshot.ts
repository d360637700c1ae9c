import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import { PNG } from 'pngjs';
import { differenceOf } from './picture-difference';

const COMMITTED = resolve(__dirname, 'screenshots');
/** Where a picture that differs is left, with the difference; git ignores it. */
const OUTPUT = resolve(__dirname, '../output');

/**
 * Compares what is shown with the committed picture of that name, or writes that picture if $PIECEWISE_SCREENSHOTS is set.
 * A picture that differs is left in test/output, with the difference.
 */
export async function assertLooksAs(shown: Locator, name: string): Promise<void> {
  const taken = await shown.screenshot({ animations: 'disabled', caret: 'hide' });
  const path = join(COMMITTED, `${name}.png`);
  if (process.env.PIECEWISE_SCREENSHOTS) {
    await mkdir(COMMITTED, { recursive: true });
    // The browser's own file is larger.
    return writeFile(path, PNG.sync.write(PNG.sync.read(taken), { colorType: 2, deflateLevel: 9 }));
  }
  assert.ok(
    existsSync(path),
    `${path} does not exist: run the test with PIECEWISE_SCREENSHOTS=1 to write it.`,
  );
  const { sentence, picture } = differenceOf(PNG.sync.read(await readFile(path)), PNG.sync.read(taken));
  if (!sentence) return;
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(join(OUTPUT, `${name}-now.png`), taken);
  if (picture) await writeFile(join(OUTPUT, `${name}-difference.png`), PNG.sync.write(picture));
  assert.fail(`${name} does not look as committed: ${sentence}. See test/output/${name}-*.png.`);
}
