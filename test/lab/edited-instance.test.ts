import assert from 'node:assert/strict';
import { readDecomposition, product, type WhatIfReply } from 'piecewise/payload';
import { DecompositionModel, type Change } from '../../lab-extension/src/decomposition/decomposition-model';
import type { Source } from '../../lab-extension/src/decomposition/decomposition-source';
import { classBars } from '../../lab-extension/src/figures/class-bars';
import { imageParts } from '../../lab-extension/src/figures/parts';
import { waterfall } from '../../lab-extension/src/figures/waterfall';
import { payloadOf, randomNet, seven, takeApart } from './random-net';

const net = randomNet([784, 20, 16, 10], 5);
const x = seven();
const d = readDecomposition(payloadOf(net, x, [28, 28, 1], [0, 7]));
const atX = takeApart(net, x);

/** x without its rows 6 to 12, which hold the upper bar of the seven. */
const emptied = Float32Array.from(x, (v, i) => (i >= 6 * 28 && i < 13 * 28 ? 0 : v));
const lower = Float32Array.from(x, (v, i) => (i >= 14 * 28 ? 0 : v));

/** W·x′ + b with W and b of x, in float64. */
const predictedAt = (other: Float32Array) =>
  atX.rows.map(
    (row, c) =>
      row.reduce((sum, w, i) => sum + w * other[i], 0) +
      atX.biasByLayer.reduce((sum, part) => sum + part[c], 0),
  );

const replyTo = (other: Float32Array): WhatIfReply => ({
  output: takeApart(net, [...other]).output,
  predicted: predictedAt(other),
  switched: 3,
  units: 36,
});

/** Rows are float32, and the reference is float64: differences up to 4e-6 were measured. */
const ROUNDING = 1e-4;

const close = (actual: number | null, expected: number, what = '') =>
  assert.ok(actual !== null && Math.abs(actual - expected) < ROUNDING, `${what} ${actual}, not ${expected}`);

/** Answers when told to. */
class Kernel {
  readonly isAvailable = true;
  private waiting: (() => void)[] = [];

  rows = () => Promise.reject(new Error('no row is asked for here'));

  async whatIf(_: string, other: Float32Array): Promise<WhatIfReply> {
    await new Promise<void>(resolve => this.waiting.push(resolve));
    return replyTo(other);
  }

  async answer(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise(setImmediate);
  }
}

function modelOf(kernel: Kernel | null): DecompositionModel {
  const model = new DecompositionModel(d, kernel as Source | null);
  model.select(7);
  return model;
}

describe('the instance that a view shows while x is edited', () => {
  it('is x′ in every number once the network has answered: F(x′), W·x′, and the sums of each class', async () => {
    const kernel = new Kernel();
    const model = modelOf(kernel);
    model.whatIf.edit(emptied);
    await kernel.answer();
    const { output, linear, bias } = model.subject;
    const there = replyTo(emptied);
    close(output, there.output[7]);
    close(linear! + bias, there.predicted[7]);
    assert.equal(model.shown.input, emptied);
    const sums = model.shown.sums(0)!;
    const terms = atX.rows[0].map((w, i) => w * emptied[i]);
    close(
      sums.positive,
      terms.filter(v => v > 0).reduce((a, b) => a + b, 0),
    );
    close(
      sums.negative,
      terms.filter(v => v < 0).reduce((a, b) => a + b, 0),
    );
    close(model.shown.linear(3)! + d.bias[3], there.predicted[3], 'a class without a row');
    assert.equal(model.shown.sums(3), null);
    model.dispose();
  });

  it('is x again after a reset, and x is the ghost meanwhile', async () => {
    const kernel = new Kernel();
    const model = modelOf(kernel);
    assert.equal(model.ghost, null);
    model.whatIf.edit(emptied);
    await kernel.answer();
    close(model.subjectAt(model.ghost!).output, atX.output[7]);
    model.whatIf.reset();
    assert.deepEqual([model.ghost, model.shown.name], [null, 'x']);
    close(model.subject.output, atX.output[7]);
    model.dispose();
  });

  it('never mixes two inputs while the hand moves: numbers stay those of the newest answered x′', async () => {
    const kernel = new Kernel();
    const model = modelOf(kernel);
    const changes: Change[] = [];
    model.changed.connect((_, change) => changes.push(change));
    model.whatIf.edit(emptied);
    assert.equal(model.subject.output, null);
    close(model.subject.linear! + model.subject.bias, predictedAt(emptied)[7], 'from the row that is here');
    await kernel.answer();
    changes.length = 0;
    model.whatIf.edit(lower);
    assert.ok(changes.includes('input') && !changes.includes('numbers'));
    assert.deepEqual([model.input, model.shown.input], [lower, emptied]);
    close(model.subject.output, replyTo(emptied).output[7]);
    await kernel.answer();
    assert.ok(changes.includes('numbers'));
    assert.equal(model.shown.input, lower);
    close(model.subject.output, replyTo(lower).output[7]);
    model.dispose();
  });

  it('has no output without a kernel, and W·x′ of the classes whose rows are saved', async () => {
    const model = modelOf(null);
    model.whatIf.edit(emptied);
    await new Promise(setImmediate);
    assert.deepEqual([model.subject.output, model.shown.linear(3)], [null, null]);
    close(model.subject.linear! + model.subject.bias, predictedAt(emptied)[7]);
    model.dispose();
  });
});

describe('bars and waterfall of an edited x′', () => {
  const model = modelOf(new Kernel());
  const kernel = new Kernel();
  const edited = modelOf(kernel);

  before(async () => {
    edited.whatIf.edit(emptied);
    await kernel.answer();
  });
  after(() => [model, edited].forEach(one => one.dispose()));

  it('draw map and network on one scale, with the bar at x behind', () => {
    const there = replyTo(emptied);
    const { bars, zero } = classBars(d, edited.shown, [0, 3, 7], edited.ghost);
    const scale = (bars[2].tick! - zero) / there.output[7];
    for (const { index, tick, mark, ghost, output, predicted } of bars) {
      close(output, there.output[index]);
      close(predicted, there.predicted[index]);
      close((tick! - zero) / scale, there.output[index]);
      close((mark! - zero) / scale, there.predicted[index]);
      close((ghost!.tick - zero) / scale, atX.output[index]);
      for (const share of [tick!, mark!, ...ghost!.extent]) assert.ok(share > -1e-9 && share < 1 + 1e-9);
    }
    assert.ok(classBars(d, model.shown, [7]).bars[0].ghost === null);
  });

  it('keep a part that was emptied, with its sum at x, and end at F(x′) with the residual', () => {
    const weights = edited.subject.weights!;
    const [here, before] = [emptied, d.input.values].map(input => product(weights, input));
    const parts = imageParts(here, 28, before);
    const top = parts.find(({ name }) => name === 'top')!;
    assert.equal(top.sum, 0);
    assert.equal(top.before, imageParts(before, 28).find(({ name }) => name === 'top')!.sum);
    close(
      parts.reduce((sum, part) => sum + part.sum, 0),
      edited.subject.linear!,
    );
    close(
      parts.reduce((sum, part) => sum + part.before!, 0),
      model.subject.linear!,
    );
    const { output, predicted } = replyTo(emptied);
    const { steps } = waterfall(edited.subject, parts);
    close(steps.at(-1)!.end, output[7]);
    const residual = steps.find(({ kind }) => kind === 'residual')!;
    close(residual.value, output[7] - predicted[7]);
  });
});
