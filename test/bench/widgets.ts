/**
 * `npm run bench:widgets`: frames per second while 70,000 and 1,000,000 points are panned in headless Chromium with WebGL in
 * software, for the explorer's own painting, plotly.js scattergl and regl-scatterplot, each in a fresh page, in one run. Checks
 * first that each picture shows the points, and that panning moves them. regl-scatterplot is installed into the cache on first
 * use.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import type { Browser, Page } from 'playwright-core';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { cacheFolder } from '../../kernel-ext/src/data/cache';
import { startBrowser } from '../browser/browser';

const ROOT = path.resolve(__dirname, '../..');
const REGL = 'regl-scatterplot@1.16.0';
const ADDRESS = 'http://points.example';
const COUNTS = [70_000, 1_000_000];
const CONTENDERS = ['piecewise', 'plotly', 'regl'];
const PAN_MS = 4000;
const SIZE = { width: 700, height: 525 };
/** The clouds cover about a third of the picture. */
const LEAST_PAINTED = 0.1;

async function main(): Promise<void> {
  const files = pageFiles(peers());
  const browser = await startBrowser();
  console.log(
    `${'points'.padStart(9)}  ${'painter'.padEnd(12)} ${'first picture'.padStart(13)} ${'pan'.padStart(12)}`,
  );
  try {
    for (const count of COUNTS) {
      const speeds: number[] = [];
      for (const name of CONTENDERS) {
        const { first, fps } = await measured(browser, files, name, count);
        speeds.push(fps);
        const ratio = name === 'piecewise' ? '' : `  ${(speeds[0] / fps).toFixed(1)} × as slow as piecewise`;
        const figures = `${first.toFixed(2)} s`.padStart(13) + `${fps.toFixed(1)} fps`.padStart(13);
        console.log(`${count.toLocaleString('en-US').padStart(9)}  ${name.padEnd(12)} ${figures}${ratio}`);
      }
    }
  } finally {
    await browser.close();
  }
}

async function measured(browser: Browser, files: Map<string, string>, name: string, count: number) {
  const page = await browser.newPage({ viewport: SIZE });
  page.setDefaultTimeout(120_000);
  await page.route(`${ADDRESS}/**`, route => {
    const { pathname } = new URL(route.request().url());
    const body = files.get(pathname);
    const contentType = pathname === '/' ? 'text/html' : 'text/javascript';
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, contentType });
  });
  await page.goto(`${ADDRESS}/`);
  await page.waitForFunction(() => 'start' in window);
  const first = await page.evaluate(([n, c]) => window.start(n as string, c as number), [name, count]);
  await assertMoves(page, name);
  const fps = await page.evaluate(ms => window.panFor(ms), PAN_MS);
  await page.close();
  return { first, fps };
}

/** Checks that points are painted, and that a step moves them. */
async function assertMoves(page: Page, name: string): Promise<void> {
  const before = await page.screenshot();
  await page.evaluate(() => window.drawn.pan(40));
  await page.waitForTimeout(1500);
  const after = await page.screenshot();
  for (const shot of [before, after])
    assert.ok(painted(shot) > LEAST_PAINTED, `${name}: only ${painted(shot)} is painted`);
  assert.notDeepEqual(after, before, `${name} did not move`);
}

function painted(shot: Buffer): number {
  const { data, width, height } = PNG.sync.read(shot);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (Math.min(data[i], data[i + 1], data[i + 2]) < 240) count++;
  return count / (width * height);
}

/** @returns the folder of the packages that only this benchmark needs */
function peers(): string {
  const folder = path.join(cacheFolder(), `bench-${REGL.replace('@', '-')}`);
  if (!existsSync(path.join(folder, 'node_modules/regl-scatterplot'))) {
    console.log(`Installing ${REGL} into ${folder} (once) …`);
    const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', REGL];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return path.join(folder, 'node_modules');
}

function pageFiles(peerModules: string): Map<string, string> {
  const text = (...parts: string[]) => readFileSync(path.join(...parts), 'utf8');
  const script = (...parts: string[]) =>
    transpileModule(text(ROOT, ...parts), {
      compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
    }).outputText;
  return new Map([
    ['/', text(__dirname, 'widgets/page.html')],
    ['/test/bench/widgets/contenders.js', script('test/bench/widgets/contenders.ts')],
    [
      '/kernel-ext/src/payload/pictures/class-colors',
      script('kernel-ext/src/payload/pictures/class-colors.ts'),
    ],
    ['/lab-extension/src/figures/splat', script('lab-extension/src/figures/splat.ts')],
    ['/plotly.js', text(ROOT, 'node_modules/plotly.js-dist-min/plotly.min.js')],
    ['/regl.js', text(peerModules, 'regl/dist/regl.min.js')],
    ['/regl-module.js', 'export default window.createREGL;'],
    ['/pub-sub.js', text(peerModules, 'pub-sub-es/dist/index.js')],
    ['/regl-scatterplot.js', text(peerModules, 'regl-scatterplot/dist/regl-scatterplot.esm.js')],
  ]);
}

void main();
