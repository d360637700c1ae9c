import type { JSONObject } from '@lumino/coreutils';
import type { GroupReply, TrainingState } from 'piecewise/payload';
import { toBytes, toFloats } from '../live/floats';
import { KernelLink } from '../live/kernel-link';
import { readBoolean, readPolicies, readResidual } from '../decomposition/decomposition';
import { asFields, asIndex, asList, asNumber, asNumbers, own } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';
import { type Apart, byAxis, readApart } from './apart';
import type { Comparison, EmbeddingSource } from './embedding-source';
import { type Explanation, explanationOf } from './explanation';
import type { Sprite } from './thumbnails';
import type { Reply } from '../live/question';

const MOST = 2 ** 24;

/** What the kernel of a notebook knows of embeddings. */
export class EmbeddingLink extends KernelLink implements EmbeddingSource {
  async explain(handle: string, point: number): Promise<Explanation> {
    const { data, buffers } = await this.kernel.ask({ op: 'explain', handle, point });
    const [x, w] = buffers.map(toFloats);
    const output = asNumbers(data.output, 1, 2, 'output');
    if (w?.length !== output.length * x?.length) throw new MalformedPayloadError('weights', 'do not fit x');
    return explanationOf({
      point,
      x,
      w,
      output,
      bias: asNumbers(data.bias, output.length, output.length, 'bias'),
      exact: readBoolean(data.exact, 'exact'),
      policies: readPolicies(data.policies),
      residual: readResidual(data.residual),
    });
  }

  async neighbors(
    handle: string,
    point: number,
    k: number,
  ): Promise<{ data: number[]; embedding: number[] }> {
    const { data } = await this.kernel.ask({ op: 'neighbors', handle, point, k });
    const list = (key: string) => asNumbers(data[key], 0, k, key).map(i => asIndex(i, MOST, key));
    return { data: list('data'), embedding: list('map') };
  }

  async thumbnails(handle: string, points: readonly number[]): Promise<Sprite> {
    const { data, buffers } = await this.kernel.ask({ op: 'thumbnails', handle, points: [...points] });
    const bytes = buffers[0];
    const part = ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
    return {
      url: `data:image/png;base64,${btoa(Array.from(part, byte => String.fromCharCode(byte)).join(''))}`,
      height: asIndex(data.height, 1000, 'height'),
      width: asIndex(data.width, 1000, 'width'),
      columns: points.length,
      count: points.length,
      inked: readBoolean(data.inked, 'inked'),
    };
  }

  async compare(
    handle: string,
    [first, second]: readonly [readonly number[], readonly number[]],
  ): Promise<Comparison> {
    const groups = [[...first], [...second]];
    return comparisonOf(await this.kernel.ask({ op: 'compare', handle, groups }));
  }

  async apart(handle: string, groups: readonly [readonly number[], readonly number[]]): Promise<Apart> {
    const [first, second] = groups.map(group => [...group]);
    const { data, buffers } = await this.kernel.ask({ op: 'apart', handle, groups: [first, second] });
    return readApart(data, buffers.map(toFloats));
  }

  async place(handle: string, x: Float32Array): Promise<number[]> {
    const { data } = await this.kernel.ask({ op: 'place', handle }, [toBytes(x)]);
    return asNumbers(data.place, 1, 2, 'place');
  }

  async select(handle: string, points: readonly number[]): Promise<void> {
    await this.kernel.ask({ op: 'select', handle, points: [...points] });
  }

  async steer(handle: string, wish: 'pause' | 'resume' | 'stop'): Promise<TrainingState> {
    const { data } = await this.kernel.ask({ op: 'steer', handle, wish });
    return String(data.state) as TrainingState;
  }
}

function comparisonOf({ data, buffers }: Reply): Comparison {
  const arrays = buffers.map(toFloats);
  const groups = asList(data.groups, 2, 2, 'groups').map(group => readGroup(group as JSONObject));
  const axes = groups[0].center.length;
  const split = (values: Float32Array) => byAxis(values, axes);
  const sums = data.ways === null ? [] : asList(data.ways, 2, 2, 'ways');
  if (arrays.length !== 2 + sums.length)
    throw new MalformedPayloadError('buffers', 'are too few or too many');
  return {
    groups: [groups[0], groups[1]],
    contributions: [split(arrays[0]), split(arrays[1])],
    ways: sums.map((sum, i) => ({
      contributions: split(arrays[2 + i]),
      sum: asNumbers(sum, axes, axes, `ways[${i}]`),
    })),
  };
}

function readGroup(value: unknown): GroupReply {
  const fields = asFields(value, 'groups');
  const center = asNumbers(own(fields, 'center'), 1, 2, 'center');
  return {
    points: asNumber(own(fields, 'points'), 'points'),
    center,
    bias: asNumbers(own(fields, 'bias'), center.length, center.length, 'bias'),
  };
}
