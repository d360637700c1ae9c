import assert from 'node:assert/strict';
import { Recent } from '../../kernel-ext/src/linearization/recent';

describe('recently used values', () => {
  const value = (name: string, released: string[]) => ({ name, release: () => void released.push(name) });

  it('do not wait for one that an interrupt has cut while it was made', async () => {
    const recent = new Recent<string, ReturnType<typeof value>>(2);
    void recent.get('a', () => new Promise(() => {}));
    assert.equal((await recent.get('a', async () => value('second', []))).name, 'second');
  });

  it('that are made at the same time become one', async () => {
    const recent = new Recent<string, ReturnType<typeof value>>(2);
    const made = ['one', 'two'].map(name => recent.get('a', async () => value(name, [])));
    const [one, two] = await Promise.all(made);
    assert.equal(one, two);
    assert.deepEqual(recent.values, [one]);
  });

  it('are released when others have been used since, and made again once they are no longer current', async () => {
    const released: string[] = [];
    const recent = new Recent<string, ReturnType<typeof value>>(2);
    const get = (key: string, name = key, isCurrent = true) =>
      recent.get(
        key,
        async () => value(name, released),
        () => isCurrent,
      );
    for (const key of ['a', 'b', 'a', 'c']) await get(key);
    assert.deepEqual(released, ['b']);
    assert.equal((await get('a', 'again', false)).name, 'again');
  });
});
