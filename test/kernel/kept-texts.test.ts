import assert from 'node:assert/strict';
import { History } from '../../kernel-ext/src/kernel/history';
import { RecentCells } from '../../kernel-ext/src/kernel/recent-cells';

const MEBI = 2 ** 20;

describe('texts that a kernel keeps', () => {
  it('of cells, for tracebacks: the newest 32 Mi characters', () => {
    const cells = new RecentCells();
    const add = (): string =>
      cells.add({ label: '', source: 'x'.repeat(MEBI), output: 'y'.repeat(MEBI), prefix: 0 });
    const names = Array.from({ length: 17 }, add);
    assert.equal(new Set(names).size, 17);
    assert.deepEqual(
      names.map(name => cells.get(name) !== undefined),
      names.map((_, i) => i > 0),
    );
  });

  it('of cells: the newest one, however long', () => {
    const cells = new RecentCells();
    assert.ok(cells.get(cells.add({ label: '', source: 'x'.repeat(40 * MEBI), output: '', prefix: 0 })));
  });

  it('of the history: the newest 16 Mi characters of inputs and results', () => {
    const history = new History();
    for (let line = 1; line <= 20; line++) {
      history.add(line, 'i'.repeat(MEBI / 2));
      history.setOutput(line, 'o'.repeat(MEBI / 2));
    }
    const kept = history.query({ hist_access_type: 'tail', n: 100 }) as [number, number, string][];
    assert.deepEqual([kept[0][1], kept.at(-1)?.[1]], [5, 20]);
  });
});
