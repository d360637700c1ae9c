import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';

/**
 * Asserts that the headline, the class bars and the waterfall of a view show x′, for the classes 9 and 7: the difference of
 * their logits is that of the probabilities which the model itself gives at x′.
 * @param logits at x
 * @param predicted W·x′ + b of a class
 */
export async function followsEdit(
  explorer: Locator,
  { probabilities: p, logits }: { probabilities: number[]; logits: number[] },
  predicted: (c: number) => number,
): Promise<void> {
  const read = async (c: number) => {
    const row = explorer.locator('.pw-class').nth(c);
    await row.click();
    const text = (part: string, of = explorer) => of.locator(part).innerText();
    const headline = await text('.pw-formula .pw-logit');
    const others = [await text('.pw-class-logit', row), await text('.pw-step-logit .pw-number')];
    assert.deepEqual(others, [headline, headline], 'one truth');
    const formula = await text('.pw-formula');
    assert.ok(formula.includes(`${logits[c].toFixed(2).replace('-', '−')} →`), formula);
    assert.equal(number(await text('.pw-class-predicted', row)), predicted(c));
    return number(headline);
  };
  const [nine, seven] = [await read(9), await read(7)];
  assert.ok(Math.abs(seven - nine - Math.log(p[7] / p[9])) < 0.011, `${seven} and ${nine}`);
  assert.ok(Math.abs(seven - logits[7]) > 1, 'the edit matters');
}

const number = (text: string) => Number(text.replace('−', '-'));
