import assert from 'node:assert/strict';
import { StoredRows } from '../../kernel-ext/src/kernel/stored-rows';
import type { Json, Message } from '../../kernel-ext/src/kernel/wire';

describe('rows kept on the thread of the sockets', () => {
  const message = (msg_type: string, content: Json): Message => ({
    identities: [],
    header: { msg_id: 'm', msg_type, session: 's', username: 'u', date: '', version: '5.5' },
    parent: null,
    metadata: {},
    content: { comm_id: 'c', ...content },
    buffers: [],
  });
  const opened = (): StoredRows => {
    const rows = new StoredRows();
    assert.equal(rows.answer(message('comm_open', { target_name: 'piecewise.v1' })), null);
    return rows;
  };
  const ask = (rows: StoredRows, indices: unknown, id = 1, handle: unknown = 'h') =>
    rows.answer(message('comm_msg', { data: { id, op: 'rows', handle, indices } }));
  const reply = (
    rows: StoredRows,
    buffers: Uint8Array[],
    data: Json = { id: 1, ok: true, shape: [2] },
  ): void => rows.keep({ comm_id: 'c', data }, buffers);
  const row = (...bytes: number[]): Uint8Array => new Uint8Array(bytes);

  it('are answered with their shape if all of them are stored', () => {
    const rows = opened();
    assert.equal(ask(rows, [3, 5]), null);
    reply(rows, [row(3), row(5)]);
    assert.deepEqual(ask(rows, [5], 2), {
      content: { comm_id: 'c', data: { id: 2, ok: true, op: 'rows', indices: [5], shape: [2] } },
      buffers: [row(5)],
    });
    assert.equal(ask(rows, [5, 6], 3), null);
  });

  it('belong to their handle', () => {
    const rows = opened();
    ask(rows, [3]);
    reply(rows, [row(3)]);
    assert.equal(ask(rows, [3], 2, 'other'), null);
  });

  for (const [what, data, buffers] of [
    ['a failure', { id: 1, ok: false }, [row(1)]],
    ['fewer rows than asked for', { id: 1, ok: true, shape: [1] }, []],
    ['an answer to a question that nobody asked', { id: 9, ok: true, shape: [1] }, [row(1)]],
  ] as const) {
    it(`are not kept from ${what}`, () => {
      const rows = opened();
      ask(rows, [0]);
      reply(rows, [...buffers], data);
      assert.equal(ask(rows, [0], 2), null);
    });
  }

  it('are not kept when no page waits for them any longer', () => {
    const rows = opened();
    ask(rows, [0]);
    rows.answer(message('comm_msg', { data: { id: 2, op: 'cancel', cancels: 1 } }));
    reply(rows, [row(0)]);
    assert.equal(ask(rows, [0], 3), null);
    rows.answer(message('comm_close', {}));
    rows.answer(message('comm_open', { target_name: 'piecewise.v1' }));
    reply(rows, [row(0)], { id: 3, ok: true, shape: [1] });
    assert.equal(ask(rows, [0], 4), null);
  });

  it('are for comms of this target, as long as they are open', () => {
    const strange = new StoredRows();
    strange.answer(message('comm_open', { target_name: 'other' }));
    ask(strange, [0]);
    reply(strange, [row(0)]);
    assert.equal(ask(strange, [0], 2), null);
    const rows = opened();
    ask(rows, [0]);
    reply(rows, [row(0)]);
    rows.answer(message('comm_close', {}));
    assert.equal(ask(rows, [0], 2), null);
  });

  it('ignore meaningless requests', () => {
    const rows = opened();
    for (const indices of [undefined, [], 'x', 7]) assert.equal(ask(rows, indices), null);
    assert.equal(ask(rows, [0], 1, 7), null);
  });

  it('stay within 64 MiB; the least recently used are dropped first', () => {
    const rows = opened();
    for (let id = 0; id < 5; id++) {
      ask(rows, [id], id);
      reply(rows, [new Uint8Array(16 * 2 ** 20)], { id, ok: true, shape: [1] });
    }
    assert.equal(ask(rows, [0], 10), null);
    assert.ok(ask(rows, [1], 11));
    assert.ok(ask(rows, [4], 12));
  });
});
