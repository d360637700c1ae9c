/** Markup and script in names, in the views of a real JupyterLab: live, and saved in a notebook that is trusted or not. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { command, trust } from '../../browser/browser';
import { Lab } from '../../browser/lab';
import { notebook } from '../../browser/notebook';
import { NotebookPage } from '../../browser/notebook-page';
import { HOSTILE_NAMES } from './hostile-names';
import { type Row, Tally } from './row';

/** Everything that shows names from outside. */
const CELLS = [
  `const evil = ${JSON.stringify(HOSTILE_NAMES)};
const title = evil.join(' ');
const net = tf.sequential({ layers: [
  tf.layers.dense({ units: 9, activation: 'relu', inputShape: [9] }), tf.layers.dense({ units: 9 })] });
net.layers.forEach((layer, i) => void (layer.name = evil[i]));
const x = evil.map((_, i) => i - 3);
const lin = await linearize(net, x, { labels: evil });`,
  'plot(lin, { features: evil })',
  'plot(await path(net, x, [...x].reverse()), { labels: evil, features: evil } as {})',
  'plot(net)',
  'plot(evil.map((name, i) => ({ [name]: i, [evil[3]]: i * i, name })), { title, caption: title, xLabel: title, yLabel: title })',
  'plot({ data: [{ x: evil, y: x, type: "bar", name: title, text: evil, hovertext: evil, hovertemplate: title }], ' +
    'layout: { showlegend: true, title: { text: title }, xaxis: { title: { text: title } }, annotations: [{ text: title, x: 1, y: 1 }] } })',
  'plot({ history: { [evil[0]]: [2, 1], loss: [2, 1] }, epoch: [0, 1] } as unknown as tf.History, { title })',
  'plot(tf.ones([9, 4, 4, 1]), { labels: evil, title })',
  `const images = tf.randomUniform([90, 8, 8, 1], 0, 1, 'float32', 1);
const small = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 2 })] });
plot(await tsne(images, { model: small, labels: Array.from({ length: 90 }, (_, i) => evil[i % 9]), epochs: 2, batch: 30, perplexity: 5 }));`,
  `const classes = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 9 })] });
plot(await linearize(classes, images.slice([0], [1]), { labels: evil }));`,
  `const many = tf.randomNormal([90, 9], 0, 1, 'float32', 1);
const owners = Array.from({ length: 90 }, (_, i) => evil[i % 9]);
plot(await slice(net, x, [...x].reverse(), x.map(v => v * v)), { title })`,
  'plot(await census(net, many, { labels: owners }), { title })',
  'plot(await atlas(net, many, { labels: owners, k: 2 }), { title })',
  // A name of a file must not hold a slash.
  `const files = evil.map(name => name.replaceAll('/', '⁄') + '.onnx');
await Promise.all(files.map(async file => (await compile(net, [9])).save(file)));
(await Promise.all(files.map(file => loadOnnx(file)))).forEach(one => display(one));`,
  `plot(lin, { file: files[1].replace('.onnx', '.svg') });
await Promise.all(evil.map(name => loadOnnx(name).catch((error: Error) => error.message)))`,
  'title',
  'console.log(title); display.markdown("`" + evil[3] + "`"); throw Object.assign(new Error(title), { name: title });',
];

/** What a page did that no name may make it do. */
class Watch {
  private readonly events: string[] = [];

  /** Counts scripts that ran, addresses of other hosts, and reports of a content security policy, which only reports. */
  static async on(page: Page, server: string): Promise<Watch> {
    const watch = new Watch();
    await page.exposeFunction('hit', () => void watch.events.push('a script ran'));
    await page.exposeFunction('reported', (text: string) => void watch.events.push(text));
    page.on('dialog', dialog => {
      if (dialog.type() !== 'beforeunload') watch.events.push(`a dialog: ${dialog.message()}`);
      void dialog.accept();
    });
    page.on('request', request => {
      const url = request.url();
      if (!url.startsWith(server) && !/^(about|data|blob):/.test(url)) watch.events.push(`asked for ${url}`);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
        const { reported } = window as unknown as { reported(text: string): void };
        reported(`violated ${violatedDirective}: ${blockedURI} ${sample}`);
      });
    });
    await page.route(/\/doc\/tree\//, async route => {
      const answer = await route.fetch();
      const headers = { ...answer.headers(), 'content-security-policy-report-only': POLICY };
      await route.fulfill({ response: answer, headers });
    });
    return watch;
  }

  /** What has happened since the last call. */
  take(): string[] {
    return this.events.splice(0);
  }
}

/** JupyterLab itself needs eval, its own styles and sockets. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-eval' 'report-sample'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: data: blob:; worker-src 'self' blob:; object-src 'none'";

/** Of each output, as many controls are used: lists of rows and marks are long, and all alike. */
const MOST_CONTROLS = 20;

/** Presses the buttons of our views and moves the pointer over their pictures. @returns how many */
async function useViews(page: Page): Promise<number> {
  let used = 0;
  for (const output of await page.locator('.jp-Notebook .jp-OutputArea-output').all()) {
    await output.scrollIntoViewIfNeeded({ timeout: 1000 }).catch(() => {});
    const parts = await output.locator('button, [role=tab], [role=row], select, canvas, svg').all();
    for (const part of parts.slice(0, MOST_CONTROLS)) {
      const name = (await part.getAttribute('aria-label', { timeout: 200 }).catch(() => '')) ?? '';
      if (/export|save|full/i.test(name)) continue;
      await part.hover({ timeout: 200, force: true }).catch(() => {});
      await part.click({ timeout: 200, force: true }).catch(() => {});
      used++;
    }
  }
  return used;
}

/** The page must notice what it looks for: a handler that runs, another host, and a violation. */
async function provesItself(page: Page, watch: Watch): Promise<string | null> {
  watch.take();
  await page.evaluate(() => {
    const box = document.body.appendChild(document.createElement('div'));
    box.innerHTML = '<img src="x:" onerror="hit()"><img src="http://127.0.0.1:9/x">';
    setTimeout(() => box.remove(), 300);
  });
  await page.waitForTimeout(600);
  const seen = watch.take();
  const missing = ['a script ran', 'asked for', 'violated'].filter(
    part => !seen.some(text => text.includes(part)),
  );
  return missing.length === 0 ? null : `the page did not notice: ${missing.join(', ')} (${seen.join('; ')})`;
}

async function views(page: Page, watch: Watch, attack: string): Promise<Row> {
  const tally = new Tally(attack);
  await page.waitForTimeout(1500);
  const used = await useViews(page);
  await page.waitForTimeout(500);
  for (const event of watch.take()) tally.count(event);
  const outputs = await page.locator('.jp-Notebook .jp-OutputArea-output').count();
  for (let i = 0; i < outputs * HOSTILE_NAMES.length; i++) tally.count(null);
  const errors = await page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').allInnerTexts();
  // The last cell throws.
  tally.count(errors.length === 1 ? null : `a view was not shown: ${errors.join(' ')}`);
  tally.count(await provesItself(page, watch));
  return tally.row(
    `${outputs} outputs with ${HOSTILE_NAMES.length} names each, ${used} controls used: nothing ran, no other host was asked, 0 reports`,
  );
}

export async function liveMarkup(): Promise<Row[]> {
  const lab = await Lab.start();
  try {
    const live = await NotebookPage.open(lab, notebook([]));
    const watch = await Watch.on(live.page, lab.server.url);
    await live.write('live.ipynb', notebook(CELLS));
    await live.show('live.ipynb');
    await live.idle();
    watch.take();
    await command(live.page, 'notebook:run-all-cells');
    await live
      .cell(CELLS.length - 1)
      .locator('.jp-OutputArea-output')
      .nth(1)
      .waitFor({ timeout: 180_000 });
    await live.idle();
    const rows = [await views(live.page, watch, 'live views in JupyterLab, under nine hostile names')];
    await command(live.page, 'docmanager:save');
    const saved = JSON.parse(await readFile(path.join(live.folder, 'live.ipynb'), 'utf8')) as {
      metadata: object;
    };
    // Another notebook than the one that JupyterLab has signed, and without a kernel.
    saved.metadata = { kernelspec: { name: 'no-such-kernel', display_name: 'no-such-kernel' } };
    await writeFile(path.join(live.folder, 'other.ipynb'), JSON.stringify(saved));
    await live.showWithoutKernel('other.ipynb');
    watch.take();
    rows.push(await views(live.page, watch, 'the same notebook, saved and opened untrusted'));
    await trust(live.page);
    await command(live.page, 'docmanager:save');
    await live.showWithoutKernel('other.ipynb');
    watch.take();
    rows.push(await views(live.page, watch, 'the same notebook, saved and opened trusted'));
    await live.close();
    return rows;
  } finally {
    await lab.close();
  }
}
