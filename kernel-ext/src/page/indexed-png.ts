import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Eight bits per pixel, each an index of a color. */
const BIT_DEPTH = 8;
const INDEXED = 3;
const MOST_COLORS = 2 ** BIT_DEPTH;

/**
 * The bytes of a PNG file with a table of colors: one byte per pixel before compression, in place of three or four.
 * @param rgba [4·H·W]
 * @returns null if there are more than 256 colors
 */
export function indexedPng(rgba: Uint8Array, height: number, width: number): Buffer | null {
  const table = new Map<number, number>();
  const colors: number[] = [];
  const lines = Buffer.alloc(height * (width + 1)); // Each line begins with its filter, 0 for none.
  for (let i = 0; i < height * width; i++) {
    const color = rgba.subarray(4 * i, 4 * i + 4);
    const key = ((color[0] * 256 + color[1]) * 256 + color[2]) * 256 + color[3];
    let index = table.get(key);
    if (index === undefined) {
      if (table.size === MOST_COLORS) return null;
      index = table.size;
      table.set(key, index);
      colors.push(...color);
    }
    lines[i + Math.floor(i / width) + 1] = index;
  }
  const alphas = colors.filter((_, i) => i % 4 === 3);
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, BIT_DEPTH, INDEXED, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colors.filter((_, i) => i % 4 < 3))),
    ...(alphas.some(alpha => alpha < 255) ? [chunk('tRNS', Buffer.from(alphas))] : []),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Length, name, data and checksum. */
function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
