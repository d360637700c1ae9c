/**
 * `npm run bench:layers [-- part of a case's name]`: linearizes every layer class of tf.layers with every option that changes what
 * it computes, and models that were built in different ways, all from seeded weights and inputs. Each must give the map
 * that the model itself confirms, or a typed refusal. Prints what was not confirmed, then a table; ends with 1 if a map differs, an
 * error is not typed, or a tensor is left.
 */
import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs';
import { activationCases } from './activation-cases';
import { convolutionCases } from './convolution-cases';
import type { LayerCase } from './layer-case';
import { mergeCases } from './merge-cases';
import { modelCases } from './model-cases';
import { normalizationCases } from './normalization-cases';
import { poolingCases } from './pooling-cases';
import { kinds, probe, type Kind, type Outcome } from './probe';
import { recurrentCases } from './recurrent-cases';
import { shapeCases } from './shape-cases';

const FAMILIES: Record<string, LayerCase[]> = {
  activations: activationCases(),
  convolutions: convolutionCases(),
  poolings: poolingCases(),
  'shapes, masks and noise': shapeCases(),
  'dense layers and normalizations': normalizationCases(),
  merges: mergeCases(),
  'recurrent layers and wrappers': recurrentCases(),
  'ways to build a model': modelCases(),
};

const HEADINGS: Record<Kind, string> = {
  map: 'map confirmed',
  refusal: 'typed refusal',
  'TensorFlow.js cannot': 'TensorFlow.js cannot run it',
  inexact: 'random, reported inexact',
  differs: 'map differs',
  'raw error': 'raw error',
  left: 'tensors left',
};
const FAULTS: readonly Kind[] = ['differs', 'raw error', 'left'];

async function main(): Promise<void> {
  await tf.ready();
  console.warn = () => {};
  const wanted = process.argv[2] ?? '';
  const table = new Map<string, Outcome[]>();
  let seed = 1;
  for (const [family, cases] of Object.entries(FAMILIES)) {
    const outcomes: Outcome[] = [];
    for (const layer of cases) {
      seed += 10_000;
      if (!layer.name.includes(wanted)) continue;
      const outcome = await probe(layer, seed);
      outcomes.push(outcome);
      if (outcome.kind !== 'map' || outcome.note.includes('W is zero'))
        console.log(`${layer.name}: ${HEADINGS[outcome.kind]}: ${outcome.note}`);
    }
    table.set(family, outcomes);
  }
  print(table);
  const all = [...table.values()].flat();
  for (const how of ['tf.grad', 'central differences'])
    console.log(
      `slopes by ${how}: ${all.filter(({ kind, note }) => kind === 'map' && note.endsWith(how)).length}`,
    );
  process.exitCode = all.some(({ kind }) => FAULTS.includes(kind)) ? 1 : 0;
}

function print(table: ReadonlyMap<string, Outcome[]>): void {
  console.log(`\n| family | models | ${kinds.map(kind => HEADINGS[kind]).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(kinds.length + 1)}`);
  const rows = [...table, ['all', [...table.values()].flat()] as const];
  for (const [family, outcomes] of rows) {
    const counts = kinds.map(wanted => outcomes.filter(({ kind }) => kind === wanted).length);
    console.log(`| ${family} | ${outcomes.length} | ${counts.join(' | ')} |`);
  }
}

void main();
