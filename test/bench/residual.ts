/**
 * `npm run bench:residual [count]`: how far W·x + b is from the F(x) that the model itself computes, relative to
 * max|F(x)|, over the first `count` MNIST test digits (default 1,000).
 */
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { mnistCnn } from './mnist-cnn';

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1000);
  const { model, digits } = await mnistCnn();
  const residuals: number[] = [];
  for (let i = 0; i < count; i++) {
    const x = digits.instance(i);
    const lin = await linearize(model, x);
    residuals.push((await lin.residual()).relative);
    lin.dispose();
    x.dispose();
  }
  residuals.sort((a, b) => a - b);
  const at = (quantile: number) => residuals[Math.ceil(quantile * count) - 1].toExponential(2);
  console.log(
    `relative residual over ${count} digits: median ${at(0.5)}, 99.9 % ${at(0.999)}, largest ${at(1)}`,
  );
}

void main();
