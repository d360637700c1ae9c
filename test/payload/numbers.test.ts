import assert from 'node:assert/strict';
import {
  asSubscript,
  bound,
  compact,
  decimalsFor,
  plain,
  scientific,
  signed,
} from '../../kernel-ext/src/payload';

describe('numbers as text', () => {
  it('have a true minus sign, but not if they round to zero', () => {
    assert.deepEqual([plain(-4.77), plain(12.755, 1), plain(-0.001)], ['−4.77', '12.8', '0.00']);
  });
  it('carry their sign where it matters', () => {
    assert.deepEqual([signed(0.78), signed(-0.04), signed(0.001)], ['+0.78', '−0.04', '0.00']);
  });
  it('are powers of ten when small', () => {
    assert.deepEqual([scientific(3.2e-7), scientific(0), scientific(2e10)], ['3·10⁻⁷', '0', '2·10¹⁰']);
  });
  it('are ∞ where they have no bound', () => {
    const texts = [
      plain(Infinity, 1),
      plain(-Infinity),
      signed(Infinity),
      scientific(Infinity),
      compact(Infinity),
    ];
    assert.deepEqual(texts, ['∞', '−∞', '+∞', '∞', '∞']);
  });
  it('have as many decimals as the largest of their group needs', () => {
    assert.deepEqual([12.75, 0.5, 123, 4567, 0.004, 0].map(decimalsFor), [2, 2, 1, 0, 4, 2]);
  });
  it('are written with a power of ten if they would be zero or longer than a line', () => {
    const alone = (value: number) => signed(value, decimalsFor(value));
    const values = [1.24e-20, -3e-300, 5e-324, 2e-6, 1e300, -1e17, 12345678];
    const texts = [
      '+1.2·10⁻²⁰',
      '−3.0·10⁻³⁰⁰',
      '+4.9·10⁻³²⁴',
      '+2.0·10⁻⁶',
      '+1.0·10³⁰⁰',
      '−1.0·10¹⁷',
      '+12345678',
    ];
    assert.deepEqual(values.map(alone), texts);
    assert.equal(plain(1e-30, decimalsFor(1e-20)), '0');
    assert.deepEqual([bound(1e-9), bound(1e21), compact(-1e-300)], ['1.0·10⁻⁹', '1.0·10²¹', '−1·10⁻³⁰⁰']);
  });
  it('are whole at the ends of a scale when they are whole', () => {
    assert.deepEqual([bound(0), bound(255), bound(-0.25)], ['0', '255', '−0.25']);
  });
  it('become subscripts of W; other labels stand in brackets', () => {
    assert.deepEqual([asSubscript('17'), asSubscript('cat')], ['₁₇', '[cat]']);
  });
});
