/** ONNX files as bad luck leaves them: cut off, with other bits, and with other numbers in nodes and shapes. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Type,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  type TensorProto,
} from '../../../../kernel-ext/src/onnx-file/onnx_pb';

/** Numbers from 0 to 1 that look random, the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a file can be damaged; each gets a place in it and random numbers. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer, at: number, random: () => number) => Buffer>> = {
  'a bit': (bytes, at, random) => {
    bytes[at] ^= 1 << Math.floor(8 * random());
    return bytes;
  },
  'a byte': (bytes, at, random) => {
    bytes[at] = Math.floor(256 * random());
    return bytes;
  },
  'sixteen zeros': (bytes, at) => bytes.fill(0, at, Math.min(bytes.length, at + 16)),
  'bytes are missing': (bytes, at, random) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(20 * random()))]),
  'bytes are there twice': (bytes, at, random) =>
    Buffer.concat([bytes.subarray(0, at + Math.floor(20 * random())), bytes.subarray(at)]),
  'a length of 2³² − 1': (bytes, at) => withVarint(bytes, at, 'ffffffff0f'),
  'a length of 2⁶³': (bytes, at) => withVarint(bytes, at, '80808080808080808001'),
  'a length of 10⁹': (bytes, at) => withVarint(bytes, at, '8094ebdc03'),
};

const withVarint = (bytes: Buffer, at: number, hex: string) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(hex, 'hex'), bytes.subarray(at + 1)]);

/** A file that is damaged in one of eight ways. */
export function damaged(bytes: Uint8Array, random: () => number): { how: string; bytes: Buffer } {
  const names = Object.keys(DAMAGES);
  const how = names[Math.floor(names.length * random())];
  const at = Math.floor(bytes.length * random());
  return { how: `${how} at ${at}`, bytes: DAMAGES[how](Buffer.from(bytes), at, random) };
}

/** What takes the place of a number in a node or a shape. */
const WRONG_NUMBERS = [0n, -1n, 3n, 2n ** 31n - 1n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)];

/** The file with other numbers: one attribute of each operator at a time, and one shape at a time. */
export function* withOtherNumbers(bytes: Uint8Array): Generator<{ how: string; bytes: Uint8Array }> {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  const seen = new Set<string>();
  for (const [n, { opType, attribute }] of graph!.node.entries())
    for (const [a, { name, t }] of attribute.entries()) {
      const key = `${opType}.${name}`;
      if (seen.has(key) && t === undefined) continue;
      seen.add(key);
      yield* WRONG_NUMBERS.flatMap(wrong => {
        const changed = fromBinary(ModelProtoSchema, bytes);
        const one = changed.graph!.node[n].attribute[a];
        if (one.type === Type.INT) one.i = wrong;
        else if (one.type === Type.INTS && one.ints.length > 0) one.ints[one.ints.length - 1] = wrong;
        else if (one.t === undefined || !setLast(one.t, wrong)) return [];
        return [{ how: `${key} ${wrong}`, bytes: toBinary(ModelProtoSchema, changed) }];
      });
    }
  for (const [i, { name }] of graph!.initializer.entries())
    yield* WRONG_NUMBERS.flatMap(wrong => {
      const changed = fromBinary(ModelProtoSchema, bytes);
      if (!setLast(changed.graph!.initializer[i], wrong)) return [];
      return [{ how: `${name} ${wrong}`, bytes: toBinary(ModelProtoSchema, changed) }];
    });
}

/** Replaces the last number of a weight of int64. @returns whether it is one */
function setLast(tensor: TensorProto, wrong: bigint): boolean {
  if (tensor.dataType !== DataType.INT64 || tensor.rawData.length < 8) return false;
  tensor.rawData = Uint8Array.from(tensor.rawData);
  new DataView(tensor.rawData.buffer).setBigInt64(tensor.rawData.length - 8, wrong, true);
  return true;
}
