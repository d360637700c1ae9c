/**
 * `npm run attack [-- part …] [-- --full]`: attacks the product the way that bad luck and bad people do, on this machine alone,
 * and prints a table. It ends with 1 if anything failed. `--full` repeats the part `endurance` as often as docs/reliability.md says.
 * The part `setup` runs only if it is named, because it fetches packages; `--kills=13` kills 13 times in each of its steps.
 */
import { attackAtOnce } from './at-once';
import { attackEndurance } from './endurance';
import { attackChannels } from './channels';
import { attackFiles } from './hostile-files';
import { attackOnnx } from './hostile-onnx';
import { attackKills } from './kills';
import { attackMachines } from './machines';
import { attackMarkup } from './markup';
import type { Row } from './row';
import { attackSetup } from './setup-kills';

const PARTS: Record<string, () => Promise<Row[]>> = {
  files: attackFiles,
  onnx: attackOnnx,
  kills: attackKills,
  machines: attackMachines,
  markup: attackMarkup,
  endurance: attackEndurance,
  'at-once': attackAtOnce,
  channels: attackChannels,
  setup: attackSetup,
};

/** It fetches packages from registries; the other parts use this machine alone. */
const ONLY_IF_NAMED = ['setup'];

async function main(): Promise<void> {
  const names = process.argv.slice(2).filter(name => !name.startsWith('--'));
  const unknown = names.filter(name => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(
      `attack: there is no part ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`,
    );
  let failures = 0;
  const all = Object.keys(PARTS).filter(name => !ONLY_IF_NAMED.includes(name));
  for (const name of names.length > 0 ? names : all) {
    const since = Date.now();
    const rows = await PARTS[name]();
    console.log(`\n### ${name}, ${((Date.now() - since) / 1000).toFixed(0)} s\n`);
    console.log('| attack | tries | failures | |\n| --- | ---: | ---: | --- |');
    for (const { attack, tries, failures: failed, note } of rows)
      console.log(
        `| ${attack} | ${tries} | ${failed} | ${note.replaceAll('\n', ' ').replaceAll('|', '\\|')} |`,
      );
    failures += rows.reduce((sum, row) => sum + row.failures, 0);
  }
  process.exit(failures > 0 ? 1 : 0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
