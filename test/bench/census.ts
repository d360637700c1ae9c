/**
 * `npm run bench:census`: the linear regions of the MNIST CNN that hold the 60,000 training digits, in total and by layer, and how
 * much memory the census takes beyond the model and the digits.
 */
import '@tensorflow/tfjs-node';
import { census } from '../../kernel-ext/src/census/census';
import type { InstanceGroups } from '../../kernel-ext/src/census/instance-groups';
import { data } from '../../kernel-ext/src/data';
import { mnistCnn } from './mnist-cnn';
import { peakDuring, residentMebibytes } from './resident-memory';

async function main(): Promise<void> {
  const { model } = await mnistCnn();
  const digits = await data.mnist('train');
  await census(model, digits.batch(0, 512));
  const before = residentMebibytes();
  const { result, mebibytes, seconds } = await peakDuring(() => census(model, digits));
  const { instances, units, total, layers } = result;
  const grown = (mebibytes - before).toFixed(0);
  console.log(
    `${instances} digits, ${units} units, ${seconds.toFixed(0)} s; memory grew by at most ${grown} MiB`,
  );
  console.log(`total: ${facts(total)}`);
  for (const { layer, own, upTo } of layers) {
    console.log(`${layer}: ${facts(own)}; up to it: ${facts(upTo)}`);
  }
}

const facts = ({ count, single, sizes, oneClass }: InstanceGroups) =>
  `${count} regions, ${single} with one digit, the largest with ${Math.max(...sizes)}, ${oneClass} with several digits of one class`;

void main();
