import assert from 'node:assert/strict';
import { clippableNames, shortName, shortNames } from '../../kernel-ext/src/payload';

describe('shortNames(names, most)', () => {
  const numbered = Array.from({ length: 12 }, (_, i) => `class name ${i + 100} of a thousand`);
  const layers = ['expanded_conv_1_depthwise_BN', 'expanded_conv_1_project_BN', 'expanded_conv_2_project_BN'];

  it('leaves names that fit, and cuts at the end where that is enough', () => {
    assert.deepEqual(shortNames(['cat', 'dog'], 8), ['cat', 'dog']);
    assert.deepEqual(shortNames(['Egyptian cat', 'tabby'], 8), ['Egyptia…', 'tabby']);
  });

  it('keeps names apart that begin alike, end alike, or both', () => {
    for (const names of [
      numbered,
      layers,
      ['a'.repeat(40) + 'x', 'a'.repeat(40) + 'y'],
      ['café ☕ one', 'café ☕ two'],
    ]) {
      const short = shortNames(names, 14);
      assert.equal(new Set(short).size, names.length, short.join());
      short.forEach(name => assert.ok([...name].length <= 14, name));
    }
  });

  it('gives full names where no cut keeps them apart, and equal names the same cut', () => {
    const names = [
      `${'a'.repeat(30)}x${'b'.repeat(30)}`,
      `${'a'.repeat(30)}y${'b'.repeat(30)}`,
      `${'c'.repeat(30)}x${'b'.repeat(30)}`,
    ];
    assert.deepEqual(shortNames(names, 9), names);
    assert.deepEqual(shortNames(['same long name', 'same long name'], 6), ['same …', 'same …']);
  });

  it('leaves names to a style sheet that cuts them at the end where that keeps them apart', () => {
    const long = ['a name that is long', 'another that is long'];
    assert.deepEqual(clippableNames(long, 8), long);
    assert.equal(new Set(clippableNames(numbered, 14).map(name => name.slice(0, 13))).size, 12);
  });

  it('never splits a sign of two halves, and shortens a name of 500 characters', () => {
    assert.equal(shortName('😀😀😀😀', 3), '😀😀…');
    assert.equal([...shortName('n'.repeat(500), 48)].length, 48);
  });
});
