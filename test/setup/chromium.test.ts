import assert from 'node:assert/strict';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupModule } from './setup-module';

interface Chromium {
  findBrowser(): { executablePath: string; env: Record<string, string> } | null;
  chromium: { done(): string | false; run(report: (text: string) => void): Promise<string> };
}

describe('the browser of the tests', () => {
  let setup: Chromium;
  let folder: string;
  const { CHROMIUM, PATH, PIECEWISE_CACHE } = process.env;

  before(async () => (setup = await setupModule<Chromium>('chromium.mjs')));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'piecewise-chromium-'));
    writeFileSync(join(folder, 'chromium'), '#!/bin/sh\n');
    chmodSync(join(folder, 'chromium'), 0o755);
    delete process.env.CHROMIUM;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const [name, value] of Object.entries({ CHROMIUM, PATH, PIECEWISE_CACHE }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  it('is the one that CHROMIUM names, as a path or as a program on the PATH', () => {
    process.env.CHROMIUM = join(folder, 'chromium');
    assert.deepEqual(setup.findBrowser(), { executablePath: process.env.CHROMIUM, env: {} });
    process.env.PATH = `${folder}:${PATH}`;
    process.env.CHROMIUM = 'chromium';
    assert.deepEqual(setup.findBrowser(), { executablePath: join(folder, 'chromium'), env: {} });
  });

  it('is never another one when CHROMIUM names no program', async () => {
    process.env.CHROMIUM = join(folder, 'chrome');
    assert.equal(setup.chromium.done(), false);
    await assert.rejects(
      setup.chromium.run(() => {}),
      /CHROMIUM names .*chrome, which is not a program/,
    );
  });

  it('is otherwise the pinned one, whatever is on the PATH, unpacked into the cache once', async () => {
    process.env.PATH = `${folder}:${PATH}`;
    process.env.PIECEWISE_CACHE = join(folder, 'cache');
    assert.equal(setup.chromium.done(), false);
    const path = await setup.chromium.run(() => {});
    assert.ok(path.startsWith(join(folder, 'cache', 'chromium-')), path);
    accessSync(path, constants.X_OK);
    assert.equal(setup.chromium.done(), path);
    accessSync(join(setup.findBrowser()!.env.LD_LIBRARY_PATH, 'libnss3.so'));
  });
});
