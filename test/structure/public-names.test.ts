import assert from 'node:assert/strict';
import * as piecewise from '../../kernel-ext/src/index';

describe('the public names of piecewise', () => {
  it('are these values, and no others', () => {
    assert.deepEqual(Object.keys(piecewise).sort(), ['X']);
  });

  for (const [name, members] of [
    ['Linearization', []],
    ['LinearMap', []],
    ['Linearizer', []],
  ] as const) {
    it(`are these members of ${name}, and no others`, () => {
      const { prototype } = piecewise[name];
      const own = Object.getOwnPropertyNames(prototype).filter(member => member !== 'constructor');
      assert.deepEqual(own.sort(), members);
    });
  }
});
