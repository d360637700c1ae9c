import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { progress } from '../../kernel-ext/src/progress/progress';
import { ProgressBar } from '../../kernel-ext/src/progress/progress-bar';
import { progressBundle, progressText } from '../../kernel-ext/src/progress/progress-bundle';
import { ProgressMeter, type ProgressState } from '../../kernel-ext/src/progress/progress-meter';
import { type Bundle, type DisplaySink, SINK } from '../../kernel-ext/src/sink/sink';

interface Shown {
  bundle: Bundle;
  displayId?: string;
  update?: boolean;
}

describe('progress', () => {
  let shown: Shown[];
  let time: number;
  const own = globalThis as { [SINK]?: DisplaySink };
  const text = ({ bundle }: Shown): string => String(bundle['text/plain']);

  beforeEach(() => {
    shown = [];
    time = 0;
    own[SINK] = {
      replaces: true,
      display: (bundle, options) => void shown.push({ bundle, ...options }),
      track: () => {},
    };
  });
  afterEach(() => delete own[SINK]);

  const bar = (total?: number): ProgressBar =>
    new ProgressBar({ label: 'Rows', total, unit: 'rows' }, new ProgressMeter(() => time));

  it('replaces one display, at most ten times a second, and ends with the last state', () => {
    const rows = bar(1000);
    for (let i = 0; i < 1000; i++) {
      time += 2;
      rows.advance();
    }
    rows.finish();
    assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
    assert.deepEqual(
      shown.map(({ update }) => update),
      [false, ...Array(shown.length - 1).fill(true)],
    );
    assert.ok(shown.length > 10 && shown.length <= 22, `${shown.length} messages in 2 s`);
    assert.equal(text(shown.at(-1)!), 'Rows  1,000 rows in 2.0 s');
  });

  it('states share, count, rate, remaining time and a note', () => {
    const rows = bar(1000);
    time = 2000;
    rows.advance(250, 'row 3');
    assert.equal(
      text(shown.at(-1)!),
      'Rows  25% |█████               |  250/1,000 rows · 125/s · 6.0 s left · row 3',
    );
  });

  it('shows neither share nor remaining time without a total', () => {
    const rows = bar();
    time = 2000;
    rows.advance(250);
    assert.equal(text(shown.at(-1)!), 'Rows  250 rows · 125/s · 2.0 s');
  });

  it('writes long times as clocks, escapes labels, and needs no script', () => {
    const state: ProgressState = {
      label: '<b>',
      unit: '',
      done: 1,
      total: 7200,
      note: '',
      seconds: 61,
      rate: 1,
      phase: 'running',
    };
    assert.match(progressText(state), / · 1:59:59 left$/);
    const html = String(progressBundle(state)['text/html']);
    assert.match(html, /&lt;b&gt;/);
    assert.doesNotMatch(html, /<script|var\(|class=/);
  });

  it('with patience, shows nothing of work that ends before the bar would appear, or just then', () => {
    const patient = (): ProgressBar =>
      new ProgressBar({ total: 4, patience: 1 }, new ProgressMeter(() => time));
    const quick = patient();
    for (let i = 0; i < 4; i++) {
      time += 200;
      quick.advance();
    }
    quick.finish();
    const single = patient();
    time += 3000;
    single.set(4);
    single.finish();
    patient().stop();
    assert.deepEqual(shown, []);
    const slow = patient();
    time += 2000;
    slow.advance(2);
    slow.finish();
    assert.deepEqual(shown.map(text), ['50% |██████████          |  2/4 · 1/s · 2.0 s left', '2 in 2.0 s']);
  });

  it('iterates over an array, a set and an async iterable, and yields what they yield', async () => {
    assert.deepEqual([...progress([1, 2, 3])], [1, 2, 3]);
    assert.deepEqual([...progress(new Set('ab'))], ['a', 'b']);
    const letters: string[] = [];
    for await (const letter of progress(asynchronous('xyz'))) letters.push(letter);
    assert.deepEqual(letters, ['x', 'y', 'z']);
    const ends = shown.map(text).filter(line => / in /.test(line));
    assert.deepEqual(
      ends.map(line => line.replace(/ in .*/, '')),
      ['3', '2', '3'],
    );
  });

  it('states where a loop was left, by break or by an error', () => {
    for (const i of progress([1, 2, 3])) if (i === 3) break;
    assert.match(text(shown.at(-1)!), /^stopped at 2\/3 in /);
    assert.throws(() => {
      for (const i of progress([1, 2, 3])) if (i === 2) throw new Error('enough');
    }, /enough/);
    assert.match(text(shown.at(-1)!), /^stopped at 1\/3 in /);
  });

  it('follows model.fit over all batches of all epochs, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([10, 2]), tf.ones([10, 1])];
    await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0, callbacks: [progress.fit()] });
    assert.match(text(shown[0]), /^Training +0% .* 0\/6 batches/);
    assert.match(text(shown.at(-1)!), /^Training +6 batches in .* · epoch 2\/2, loss \d/);
    tf.dispose([x, y]);
    model.dispose();
    (model.optimizer as tf.Optimizer).dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('prints one line where nothing can be replaced', () => {
    delete own[SINK];
    const lines: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    const { isTTY } = process.stderr;
    process.stderr.isTTY = false;
    process.stdout.write = (chunk: string | Uint8Array): boolean => (lines.push(String(chunk)), true);
    try {
      assert.deepEqual([...progress([1, 2, 3], { label: 'Rows' })], [1, 2, 3]);
    } finally {
      process.stdout.write = write;
      process.stderr.isTTY = isTTY;
    }
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^Rows {2}3 in \d/);
  });
});

async function* asynchronous(letters: string): AsyncGenerator<string> {
  yield* letters;
}
