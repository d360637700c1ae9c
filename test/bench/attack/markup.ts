/** Markup and script in labels, titles, units, names of layers and of files: shown as text, never run, never fetched. */
import '../../backend';
import * as tf from '@tensorflow/tfjs';
import { linearize, path as pathBetween, type Plottable } from '../../../kernel-ext/src';
import type { Bundle } from '../../../kernel-ext/src/sink/sink';
import { startBrowser } from '../../browser/browser';
import { bundleOf } from '../../plot/bundle-of';
import { HOSTILE_NAMES } from './hostile-names';
import { liveMarkup } from './live-markup';
import { type Row, Tally } from './row';

/** Everything that plot shows with names from outside. */
async function bundles(evil: string): Promise<[string, Bundle][]> {
  const shown: [string, Bundle][] = [];
  const add = async (name: string, thing: unknown, options?: object) =>
    void shown.push([name, await bundleOf(thing as Plottable, options as never)]);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, activation: 'relu', inputShape: [3] }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.layers.forEach((layer, i) => Object.assign(layer, { name: `${evil}${i}` }));
  const lin = await linearize(model, [1, 2, 3], { labels: [evil, `${evil}2`] } as object);
  await add('linearization', lin, {
    title: evil,
    labels: [evil, `${evil}2`],
    features: [evil, 'b', 'c'],
    units: [evil, 'b', 'c'],
  }).catch(async () => add('linearization', lin, { title: evil }));
  await add('model', model);
  const path = await pathBetween(model, [1, 2, 3], [3, -1, 2]);
  await add('path', path, { title: evil });
  await add('records', [
    { [evil]: 1, name: evil },
    { [evil]: 2, name: `${evil}2` },
  ]);
  await add('numbers', [1, 2, 3], { title: evil }).catch(() => {});
  await add('history', { history: { [evil]: [1, 2], loss: [2, 1] }, epoch: [0, 1] }).catch(() => {});
  lin.dispose();
  model.dispose();
  return shown;
}

async function staticMarkup(): Promise<Row> {
  const tally = new Tally('static twins in Chromium, with scripts allowed');
  const browser = await startBrowser();
  const page = await browser.newPage();
  const events: string[] = [];
  await page.exposeFunction('hit', () => void events.push('a script ran'));
  page.on('request', request => {
    if (!/^(about|data):/.test(request.url())) events.push(`asked for ${request.url()}`);
  });
  // The page must notice what it looks for.
  await page.setContent(HOSTILE_NAMES[1] + HOSTILE_NAMES[5].replace('image href', 'img src'));
  await page.evaluate(() => new Promise(done => setTimeout(done, 100)));
  tally.count(events.length >= 2 ? null : `the page noticed only ${events.length} of 2 attacks that succeed`);
  const kinds = new Set<string>();
  for (const evil of HOSTILE_NAMES)
    for (const [name, bundle] of await bundles(evil))
      for (const type of ['text/html', 'image/svg+xml'] as const) {
        const text =
          (bundle as Record<string, unknown>)[type] ??
          (bundle as { data?: Record<string, unknown> }).data?.[type];
        if (typeof text !== 'string') continue;
        kinds.add(name);
        events.length = 0;
        await page.setContent(text);
        await page.evaluate(() => new Promise(done => setTimeout(done, 20)));
        tally.count(events.length === 0 ? null : `${name}, ${type}, ${evil}: ${events.join(', ')}`);
      }
  await browser.close();
  return tally.row(`${[...kinds].join(', ')}: nothing ran, nothing was fetched`);
}

export async function attackMarkup(): Promise<Row[]> {
  return [await staticMarkup(), ...(await liveMarkup())];
}
