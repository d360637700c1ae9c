/**
 * ONNX files that are damaged or that nobody exports, each loaded and explained in a process of its own: it must be refused with a
 * typed error or explained with a sound residual, and the process must survive. By chance, a file may hold another network whose
 * instances mix: then its residual must show it.
 */
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as Location,
} from '../../../kernel-ext/src/onnx-file/onnx_pb';
import { floats, graph, model, node, value } from '../../onnx-file/small-model';
import { ONNX_FIXTURES } from '../../networks/onnx-references';
import { damaged, seeded, withOtherNumbers } from './onnx/mutations';
import { type Fate, OnnxVictims } from './onnx/onnx-victims';
import { wrongModels } from './onnx/wrong-models';
import { type Row, Tally } from './row';

/** What a file that is refused may add to the peak of the memory [bytes]. */
const MOST_BYTES = 256 * 2 ** 20;
const DAMAGED = 4000;
/** Small files of every family: a damaged byte is rarely one of a weight. */
const FILES = ['sklearn-mlp', 'sklearn-pipeline', 'jax', 'keras', 'squeezenet.torchscript', 'shuffled-groups.dynamo', 'resnet.torchscript']; // prettier-ignore

/** Loads files, and counts what became of them. */
class Attack {
  private readonly tally: Tally;
  private readonly fates: Record<string, number> = {};

  constructor(
    attack: string,
    private readonly victims: OnnxVictims,
  ) {
    this.tally = new Tally(attack);
  }

  /** @param mayLoad whether the file may be a sound network by chance */
  async load(name: string, source: string | Uint8Array, mayLoad: boolean): Promise<void> {
    const fate = await this.victims.fateOf(source);
    this.fates[fate.kind] = (this.fates[fate.kind] ?? 0) + 1;
    const fault = faultOf(fate, mayLoad);
    this.tally.count(fault && `${name}: ${fault}`);
  }

  row(): Row {
    const { refused = 0, explained = 0, unsound = 0 } = this.fates;
    const rest = [
      [explained, 'are still valid networks, and explained'],
      [unsound, 'mix instances, which their residuals show'],
    ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
    return this.tally.row([`${refused} refused with typed errors`, ...rest].join('; '));
  }
}

function faultOf({ kind, message, grown, left }: Fate, mayLoad: boolean): string | null {
  const [first] = message.split('\n');
  if (kind === 'died' || kind === 'hung' || kind === 'raw') return `${kind}, ${first}`;
  if (kind !== 'refused' && !mayLoad) return 'was accepted';
  if (grown > MOST_BYTES) return `took ${(grown / 2 ** 20).toFixed(0)} MiB`;
  return left > 0 ? `${left} sessions or tensors are left` : null;
}

/** Networks of each operator, as ONNX's own test suite has them. */
function suite(): Uint8Array[] {
  const lines = readFileSync(path.join(__dirname, '../../fixtures/onnx-suite.jsonl'), 'utf8').trim();
  return lines.split('\n').map(line => {
    const { variants } = JSON.parse(line) as { variants: { model: string }[] };
    return Buffer.from(variants[0].model, 'base64');
  });
}

/** Weights that are where they may not be, or are not what they claim to be. */
async function external(folder: string, victims: OnnxVictims): Promise<Row> {
  const attack = new Attack('external data: paths, links, devices, lengths', victims);
  const own = path.join(folder, 'model');
  await mkdir(path.join(own, 'below'), { recursive: true });
  await writeFile(path.join(own, 'w'), Buffer.alloc(16));
  await writeFile(path.join(folder, 'outside'), Buffer.alloc(16));
  for (const [name, to] of [
    ['link', '../outside'],
    ['null', '/dev/zero'],
    ['up', '..'],
    ['self', 'self'],
  ])
    // prettier-ignore
    await symlink(to, path.join(own, name));
  const places = ['../outside', '/etc/passwd', 'link', 'up/outside', 'null', 'self', '.', '', 'below', 'below/../../outside', 'w\0', '__proto__', 'constructor', 'file:///etc/passwd', '*/_ORT_MEM_ADDR_/*']; // prettier-ignore
  const ranges = [{ offset: '1' }, { offset: '16' }, { length: '8' }, { length: '17' }, { offset: '-1' }, { offset: '1e3' }, { offset: '9223372036854775807' }, { length: '9223372036854775807' }, { length: '__proto__' }]; // prettier-ignore
  const entries = [
    ...places.map(location => ({ location })),
    ...ranges.map(range => ({ location: 'w', ...range })),
  ];
  for (const [i, each] of entries.entries()) {
    const file = path.join(own, `${i}.onnx`);
    await writeFile(file, withExternal(each, [2n, 2n]));
    await attack.load(JSON.stringify(each), file, false);
  }
  const file = path.join(own, 'large.onnx');
  await writeFile(file, withExternal({ location: 'w' }, [10n ** 9n, 10n ** 9n]));
  await attack.load('10¹⁸ numbers', file, false);
  await truncate(file, 2 ** 31);
  await attack.load('a file of 2 GiB', file, false);
  return attack.row();
}

function withExternal(entries: Record<string, string>, dims: bigint[]): Uint8Array {
  const externalData = Object.entries(entries).map(([key, text]) =>
    create(StringStringEntryProtoSchema, { key, value: text }),
  );
  const changes = { dims, rawData: new Uint8Array(), dataLocation: Location.EXTERNAL, externalData };
  const weight = Object.assign(floats('w', [2, 2], [0, 0, 0, 0]), changes);
  const nodes = [node('MatMul', ['x', 'w'], ['y'])];
  const [inputs, outputs] = ['x', 'y'].map(name => [value(name, ['N', 2])]);
  return model(graph({ nodes, inputs, outputs, weights: [weight] }));
}

async function inMemory(victims: OnnxVictims): Promise<Row[]> {
  const files = await Promise.all(FILES.map(name => readFile(path.join(ONNX_FIXTURES, `${name}.onnx`))));
  const [cut, changed, numbers, wrong] = [
    'cut off at every place that matters',
    'bits, bytes and lengths changed at random',
    'other numbers in attributes and shapes',
    'models that nobody exports',
  ].map(attack => new Attack(attack, victims));
  for (const [f, bytes] of files.entries()) {
    const step = Math.max(1, Math.floor(bytes.length / 150));
    for (let length = 0; length < bytes.length; length += step)
      await cut.load(`${FILES[f]}, ${length} bytes`, bytes.subarray(0, length), false);
  }
  const random = seeded(1);
  const all = [...files, ...suite()];
  for (let i = 0; i < DAMAGED; i++) {
    const which = i % 2 === 0 ? i % files.length : Math.floor(all.length * random());
    const { how, bytes } = damaged(all[which], random);
    await changed.load(`${FILES[which] ?? `suite ${which - FILES.length}`}, ${how}`, bytes, true);
  }
  for (const [f, file] of all.entries())
    for (const { how, bytes } of withOtherNumbers(file))
      await numbers.load(`${FILES[f] ?? 'suite'}, ${how}`, bytes, true);
  for (const [name, bytes] of wrongModels()) await wrong.load(name, bytes, false);
  return [cut, changed, numbers, wrong].map(attack => attack.row());
}

export async function attackOnnx(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'piecewise-attack-'));
  const victims = new OnnxVictims();
  try {
    return [...(await inMemory(victims)), await external(folder, victims)];
  } finally {
    victims.end();
    await rm(folder, { recursive: true, force: true });
  }
}
