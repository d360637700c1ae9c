import assert from 'node:assert/strict';
import { type Cell, Outputs } from '../../kernel-ext/src/kernel/outputs';

describe('output of a cell', () => {
  const cell = (): Cell => ({
    parent: {
      msg_id: 'm',
      msg_type: 'execute_request',
      session: 's',
      username: 'u',
      date: '',
      version: '5.5',
    },
    silent: false,
    pending: new Set(),
    plots: {},
    signal: new AbortController().signal,
    asks: null,
    printed: 0,
  });

  it('ends at 256 Mi characters with a message, and output of the next cell continues', () => {
    const sent: { name: string; text: string }[] = [];
    const outputs = new Outputs((_, content) => sent.push(content as { name: string; text: string }));
    const [endless, next] = [cell(), cell()];
    const text = 'x'.repeat(2 ** 20);
    for (let i = 0; i < 400; i++) outputs.write('stdout', text, endless);
    outputs.write('stdout', 'next', next);
    outputs.flush();
    const length = sent.reduce((sum, { name, text }) => sum + (name === 'stdout' ? text.length : 0), 0);
    assert.equal(length, 256 * 2 ** 20 + 'next'.length);
    const words = sent.filter(({ name }) => name === 'stderr');
    assert.equal(words.length, 1);
    assert.match(words[0].text, /256 Mi characters; the rest is not shown/);
  });
});
