import assert from 'node:assert/strict';
import { type FetchedRow, readDecomposition } from 'piecewise/payload';
import { DecompositionModel } from '../../lab-extension/src/decomposition/decomposition-model';
import { RowStore, type RowSource } from '../../lab-extension/src/decomposition/row-store';
import { NoAnswerError } from '../../lab-extension/src/live/no-answer';
import { classBars } from '../../lab-extension/src/figures/class-bars';
import { waterfall } from '../../lab-extension/src/figures/waterfall';
import { partOf, payloadOf, randomNet, takeApart } from './random-net';

const net = randomNet([6, 5, 3], 1);
const x = [0, 0.5, 1, 0.25, 0, 0.75];
const decomposition = readDecomposition(payloadOf(net, x, [2, 3], [0]));

/** Answers with the rows of the network itself, linearized at `at`. */
function answering(at: readonly number[], asked: number[][] = []): RowSource {
  const { rows } = takeApart(net, at);
  return {
    isAvailable: true,
    rows: async (_, indices) => {
      asked.push([...indices]);
      return indices.map(c => ({ weights: Float32Array.from(rows[c]), biasByLayer: null }));
    },
  };
}

/** Answers when told to, and fails when nobody is waiting any longer, as the comm does. */
class PatientKernel implements RowSource {
  readonly isAvailable = true;
  readonly asked: { signal: AbortSignal; answer: () => void }[] = [];

  rows(_: string, indices: readonly number[], __: boolean, signal: AbortSignal): Promise<FetchedRow[]> {
    const { rows } = takeApart(net, x);
    return new Promise((resolve, reject) => {
      const answer = () =>
        resolve(indices.map(c => ({ weights: Float32Array.from(rows[c]), biasByLayer: null })));
      signal.addEventListener('abort', () => reject(new NoAnswerError('cancelled', 'cancelled')));
      this.asked.push({ signal, answer });
    });
  }
}

function problemOf(store: RowStore, c: number): string {
  const status = store.status(c);
  return typeof status === 'object' ? status.problem.problem : status;
}

describe('RowStore.request(classes)', () => {
  it('asks only for rows that are neither here nor already requested', async () => {
    const asked: number[][] = [];
    const store = new RowStore(decomposition, answering(x, asked));
    await Promise.all([store.request([0, 1]), store.request([1, 2])]);
    await store.request([0, 1, 2]);
    assert.deepEqual(asked, [[1], [2]]);
    assert.deepEqual(store.present().toSorted(), [0, 1, 2]);
  });

  it('refuses a row that belongs to another input, as after a restart', async () => {
    const store = new RowStore(decomposition, answering([1, -1, 0, 1, 1, -1]));
    await store.request([1]);
    assert.equal(problemOf(store, 1), 'mismatch');
    assert.equal(store.get(1), null);
  });

  it('refuses a row of another size', async () => {
    const store = new RowStore(decomposition, {
      isAvailable: true,
      rows: async () => [{ weights: new Float32Array(5), biasByLayer: null }],
    });
    await store.request([1]);
    assert.equal(problemOf(store, 1), 'mismatch');
  });

  it('reports that there is no kernel, and keeps what is saved', async () => {
    const store = new RowStore(decomposition, null);
    await store.request([0, 1]);
    assert.equal(problemOf(store, 1), 'no-kernel');
    assert.equal(store.status(0), 'ready');
  });

  it('cancels fleeting questions when other classes are looked at, and asks again for a class that comes back', async () => {
    const kernel = new PatientKernel();
    const store = new RowStore(decomposition, kernel);
    const first = store.request([1], { fleeting: true });
    store.moveOn([2]);
    assert.equal(store.status(1), 'absent');
    const second = store.request([1], { fleeting: true });
    assert.deepEqual(
      kernel.asked.map(({ signal }) => signal.aborted),
      [true, false],
    );
    kernel.asked[1].answer();
    await Promise.all([first, second]);
    assert.equal(store.status(1), 'ready');
  });

  it('cancels neither what is still looked at nor what is not fleeting', async () => {
    const kernel = new PatientKernel();
    const store = new RowStore(decomposition, kernel);
    void store.request([1], { fleeting: true });
    void store.request([2]);
    store.moveOn([1]);
    assert.deepEqual(
      kernel.asked.map(({ signal }) => signal.aborted),
      [false, false],
    );
    store.dispose();
    assert.ok(kernel.asked.every(({ signal }) => signal.aborted));
  });

  it('keeps the reason that the kernel gave, and a later attempt may succeed', async () => {
    let isGone = true;
    const source = answering(x);
    const store = new RowStore(decomposition, {
      isAvailable: true,
      rows: (handle, indices, bias, signal) =>
        isGone
          ? Promise.reject(new NoAnswerError('gone', 'no such handle'))
          : source.rows(handle, indices, bias, signal),
    });
    await store.request([1]);
    assert.equal(problemOf(store, 1), 'gone');
    isGone = false;
    await store.request([1]);
    assert.equal(store.status(1), 'ready');
  });

  it('stays silent when rows come after the view was disposed', async () => {
    const store = new RowStore(decomposition, answering(x));
    const pending = store.request([1]);
    store.dispose();
    await pending;
    assert.equal(store.get(1), null);
  });
});

describe('DecompositionModel', () => {
  it('shows the difference of two classes as one row whose parts add up', async () => {
    const model = new DecompositionModel(decomposition, answering(x));
    model.select(1);
    model.contrast(2);
    await new Promise(setImmediate);
    const { output, linear, bias, weights, name } = model.subject;
    assert.equal(name, '1 − 2');
    const sum = weights!.reduce((total, w, i) => total + w * x[i], 0);
    assert.ok(Math.abs(sum - linear!) < 1e-6);
    assert.ok(Math.abs(linear! + bias - output!) < 1e-12);
  });

  it('has no weights while a row is missing, and signals when the row arrives', async () => {
    const model = new DecompositionModel(decomposition, answering(x));
    const changes: string[] = [];
    model.changed.connect((_, change) => changes.push(change));
    model.select(2);
    assert.equal(model.subject.weights, null);
    await new Promise(setImmediate);
    assert.ok(model.subject.weights);
    assert.equal(changes.at(-1), 'subject');
  });

  it('drops a contrast with the class that becomes the selected one', () => {
    const model = new DecompositionModel(decomposition, null);
    model.select(0);
    model.contrast(1);
    model.select(1);
    assert.equal(model.rival, null);
  });

  it('ignores a class that does not exist', () => {
    const model = new DecompositionModel(decomposition, null);
    const before = model.selected;
    model.select(99);
    assert.equal(model.selected, before);
  });
});

describe('RowStore.sums(c) of a payload that describes only some classes', () => {
  const { output, rows, biasByLayer } = takeApart(net, x);
  const only = readDecomposition(partOf(payloadOf(net, x, [2, 3], [0]), [0]));
  const answer = (weights: number[], bias: number[] | null): RowSource => ({
    isAvailable: true,
    rows: async () => [{ weights: Float32Array.from(weights), biasByLayer: bias }],
  });

  it('knows those of the others when their rows arrive, with b by layer', async () => {
    const bias = biasByLayer.map(part => part[2]);
    const asked: boolean[] = [];
    const store = new RowStore(only, {
      isAvailable: true,
      rows: (handle, indices, wantsBias, signal) => {
        asked.push(wantsBias);
        return answer(rows[2], bias).rows(handle, indices, wantsBias, signal);
      },
    });
    assert.deepEqual([store.sums(0)!.biasByLayer.length, store.sums(2)], [2, null]);
    await store.request([2]);
    const sums = store.sums(2)!;
    assert.ok(Math.abs(sums.positive + sums.negative + bias[0] + bias[1] - output[2]) < 1e-5);
    assert.deepEqual([sums.biasByLayer, asked], [bias, [true]]);
  });

  it('refuses a row whose product with x is not W·x', async () => {
    const elsewhere = takeApart(net, [1, -1, 0, 1, 1, -1]);
    const store = new RowStore(only, answer(elsewhere.rows[2], null));
    await store.request([2]);
    assert.equal(problemOf(store, 2), 'mismatch');
  });

  it('shows W·x of the others as one bar, and b as one step', () => {
    const model = new DecompositionModel(only, null);
    const { bars, zero } = classBars(only, model.shown, [0, 1, 2]);
    for (const { index, negative, positive } of bars.slice(1)) {
      const linear = output[index] - biasByLayer[0][index] - biasByLayer[1][index];
      const drawn = linear < 0 ? negative : positive;
      assert.ok(Math.abs(drawn[1] - drawn[0]) > 0 && (linear < 0 ? drawn[1] : drawn[0]) === zero);
    }
    model.select(2);
    const { steps } = waterfall(model.subject, null);
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['all layers', 'all of x', '2'],
    );
    model.dispose();
  });
});
