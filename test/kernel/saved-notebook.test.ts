import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, OWN_KERNEL, python } from './client';

/** Half of an emoji, which has no UTF-8, by every road to the notebook's file. `half` is the variable that holds it. */
const ROADS: Record<string, string> = {
  'console.log': 'console.log(half)',
  'console.error': 'console.error({ [half]: [half] })',
  'process.stdout': 'process.stdout.write(half + "\\n")',
  'the result': 'half',
  'a nested result': 'new Map([[half, { [half]: [half] }]])',
  'an error': 'throw new Error(half)',
  'the name and cause of an error':
    'throw Object.assign(new Error("a", { cause: new RangeError(half) }), { name: half })',
  'a value that is thrown': 'throw half',
  'an error of our own': 'await linearize(net, [1, 2], { to: half })',
  'a text of plot': 'plot([1, 2, 3], { title: half })',
  'a figure of plotly':
    'plot({ data: [{ x: [half], y: [1], type: "bar", name: half }], layout: { title: { text: half } } })',
  'a table': 'plot([{ [half]: 1, name: half }, { [half]: 2, name: half + 2 }])',
  'the labels of a linearization': 'plot(await linearize(net, [1, 2], { labels: [half, "b"] }))',
  'the names of features': 'plot(await linearize(net, [1, 2]), { features: [half, "y"] })',
  'the name of a layer': 'plot(net)',
  'display.html': 'display.html(half)',
  'display.markdown': 'display.markdown(half)',
  'a bundle':
    'display({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": half, "application/json": { [half]: [half] } }) })',
  'a display that is updated': 'display("nothing yet").update(half)',
};

const PREPARED = `const half = '😀'.slice(0, 1);
const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
net.layers[0].name = half;`;

/** U+FFFD, or the escape that Node's inspect writes. */
const REPLACED = /\uFFFD|\\\\ud83d/;
const LONE = /(?<!\\)\\ud[89a-f]/;

describe('a notebook with half an emoji', () => {
  let outputs: object[][];

  before(() => {
    const file = join(mkdtempSync(join(tmpdir(), 'piecewise-saved-')), 'a.ipynb');
    const program = join(__dirname, 'run_and_save.py');
    const { stdout, stderr, status } = spawnSync(python(), [program, 'under-test', file], {
      env: environment('under-test', OWN_KERNEL),
      input: JSON.stringify([PREPARED, ...Object.values(ROADS)]),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    assert.equal(status, 0, stderr);
    outputs = JSON.parse(stdout) as object[][];
  });

  Object.keys(ROADS).forEach((road, i) => {
    it(`is saved and can be read again: ${road}`, () => {
      const text = JSON.stringify(outputs[i + 1]);
      assert.match(text, REPLACED);
      assert.doesNotMatch(text, LONE);
    });
  });
});
