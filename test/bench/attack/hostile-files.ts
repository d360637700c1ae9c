/** Files that anybody may have written: each must be refused with a typed error, before memory is taken for what it promises. */
import '../../backend';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { data } from '../../../kernel-ext/src';
import { parseIdx } from '../../../kernel-ext/src/data/idx';
import { hostileCertificates, hostileModels } from './hostile-models';
import { type Case, refusals } from './refusals';
import type { Row } from './row';

function npy(shape: string, { descr = '<f8', length }: { descr?: string; length?: number } = {}): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(118 - 1) + '\n';
  const head = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1');
  head.writeUInt16LE(length ?? text.length, 8);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(64)]);
}

function idx(sizes: number[], content = Buffer.alloc(16), type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, type, sizes.length]);
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, content]);
}

function png(width: number, height: number, content: Buffer): Buffer {
  const chunk = (name: string, bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, Buffer.from(name), bytes, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', content), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

async function arrays(folder: string): Promise<Row> {
  const file = async (name: string, content: Buffer | string) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const bomb = gzipSync(idx([28, 28], Buffer.alloc(2 ** 28)));
  const read = (name: string, content: Buffer | string, how: (path: string) => Promise<unknown>): Case => [
    name,
    async () => how(await file(name, content)),
  ];
  return refusals('headers of NPY, IDX and CSV that promise 10¹², bombs', [
    ...['(1000000000000,)', '(1000000, 1000000)', '(4294967296, 4294967296)', `(${'9'.repeat(400)},)`].map(
      shape => read(`npy ${shape.slice(0, 30)}`, npy(shape), data.npy),
    ),
    read('npy header of 65,535 bytes', npy('(2,)', { length: 65535 }), data.npy),
    read('npy of objects', npy('(2,)', { descr: '|O' }), data.npy),
    read('npy of a prototype', npy('(2,)', { descr: '__proto__' }), data.npy),
    read('npy cut off', npy('(2,)').subarray(0, 9), data.npy),
    read('npy of nothing', '', data.npy),
    read('idx of 10¹²', idx([1_000_000, 1_000_000]), data.idx),
    read('idx of 255 axes', idx(Array<number>(255).fill(2 ** 32 - 1)), data.idx),
    read('idx of 10¹², gzipped', gzipSync(idx([1_000_000, 1_000_000])), data.idx),
    read('idx of 10⁹ float64, gzipped', gzipSync(idx([1_000_000_000], undefined, 14)), data.idx),
    read('gzip bomb of 256 MiB', bomb, data.idx),
    read('gzip bomb without a header', gzipSync(Buffer.alloc(2 ** 28, 1)), data.idx),
    read('gzip cut off', bomb.subarray(0, 5000), data.idx),
    [
      'gzip of garbage',
      async () => parseIdx(Buffer.concat([Buffer.from([31, 139]), Buffer.alloc(99, 7)]), 'x'),
    ],
    read('csv of one endless line', `a,b\n${'1,'.repeat(1e6)}`, data.csv),
    read('csv with an open quote', `a,b\n"${'1\n'.repeat(1e6)}`, data.csv),
    read('csv of zeros', Buffer.alloc(1e6), data.csv),
    read('csv without its label', 'a,b\n1,2\n', name => data.csv(name, { label: '__proto__' })),
  ]);
}

async function images(folder: string): Promise<Row> {
  const flat = (side: number) => deflateSync(Buffer.alloc((4 * side + 1) * side), { level: 9 });
  const cases: [string, Buffer][] = [
    ['10⁶ × 10⁶', png(1_000_000, 1_000_000, deflateSync(Buffer.alloc(100)))],
    ['2³² − 1 squared', png(2 ** 32 - 1, 2 ** 32 - 1, deflateSync(Buffer.alloc(100)))],
    ['bomb of 16,000 × 16,000', png(16_000, 16_000, flat(16_000))],
    ['more data than pixels', png(2, 2, flat(4000))],
    ['fewer data than pixels', png(500, 500, flat(10))],
    ['0 × 0', png(0, 0, flat(1))],
    ['cut off', png(9, 9, flat(9)).subarray(0, 40)],
    ['not a PNG', Buffer.from('GIF89a'.repeat(20))],
  ];
  const listed = cases.map(([name, content], i): Case => {
    const own = path.join(folder, `images-${i}`);
    return [
      name,
      async () => {
        await mkdir(own);
        await writeFile(path.join(own, 'a.png'), content);
        return data.images(own);
      },
    ];
  });
  return refusals('PNG images that promise 10¹² pixels, bombs', listed);
}

export async function attackFiles(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'piecewise-attack-'));
  try {
    return [
      await arrays(folder),
      await images(folder),
      ...(await hostileModels(folder)),
      ...(await hostileCertificates(folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
