import type { JSONObject } from '@lumino/coreutils';
import type { RadiusReply, Reach } from 'piecewise/payload';
import { toBytes, toFloats } from '../live/floats';
import { KernelLink } from '../live/kernel-link';
import { asIndex, asNumber, asNumbers } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';
import type { Channels } from './channels';
import { type ContrastEdit, readContrastEdit } from './contrast-edit';
import type { DecompositionSource } from './decomposition-source';
import type { Elsewhere } from './elsewhere';
import { readRadius, readReach } from './validity';

/** Rows asked for in one message; a reply with eight MNIST rows is 25 KB, with eight 224 × 224 × 3 rows 4.8 MB. */
const ROWS_PER_REQUEST = 8;

/** An answer with more numbers than this does not come from our kernel. */
const MOST_NUMBERS = 100_000;

/**
 * What the kernel of a notebook knows of decompositions. Methods throw NoAnswerError if the kernel does not answer, and
 * MalformedPayloadError if an answer is not what was asked for.
 */
export class DecompositionLink extends KernelLink implements DecompositionSource {
  async rows(handle: string, indices: readonly number[], signal: AbortSignal): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let i = 0; i < indices.length; i += ROWS_PER_REQUEST) {
      const some = indices.slice(i, i + ROWS_PER_REQUEST);
      const { buffers } = await this.kernel.ask({ op: 'rows', handle, indices: some }, [], signal);
      rows.push(...buffers.map(toFloats));
    }
    return rows;
  }

  async whatIf(handle: string, x: Float32Array): Promise<Elsewhere> {
    const { data } = await this.kernel.ask({ op: 'whatIf', handle }, [toBytes(x)]);
    const output = asNumbers(data.output, 1, MOST_NUMBERS, 'output');
    return {
      output,
      predicted: asNumbers(data.predicted, output.length, output.length, 'predicted'),
      switched: asNumber(data.switched, 'switched'),
      units: asNumber(data.units, 'units'),
    };
  }

  async channels(
    handle: string,
    layer: string,
    index: number,
    rival: number | null,
    most: number,
  ): Promise<Channels> {
    const question = { op: 'channels', handle, layer, index, most };
    const { data, buffers } = await this.kernel.ask(rival === null ? question : { ...question, rival });
    return channelsOf(layer, data, buffers.map(toFloats));
  }

  async radius(handle: string, signal: AbortSignal): Promise<RadiusReply> {
    return readRadius((await this.kernel.ask({ op: 'radius', handle }, [], signal)).data);
  }

  async reach(handle: string, x: Float32Array): Promise<Reach> {
    return readReach((await this.kernel.ask({ op: 'reach', handle }, [toBytes(x)])).data);
  }

  async contrastEdit(
    handle: string,
    index: number,
    rival: number,
    signal: AbortSignal,
  ): Promise<ContrastEdit> {
    const { data, buffers } = await this.kernel.ask({ op: 'tie', handle, index, rival }, [], signal);
    return readContrastEdit(data, buffers.map(toFloats));
  }
}

function channelsOf(layer: string, data: JSONObject, [sums, ...planes]: Float32Array[]): Channels {
  const shape = asNumbers(data.shape, 1, 8, 'shape').map(n => asIndex(n, 2 ** 24, 'shape'));
  const channels = shape.at(-1)!;
  const positions = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const shown = asNumbers(data.shown, 0, channels, 'shown').map(c => asIndex(c, channels, 'shown'));
  if (sums?.length !== channels || planes.length !== shown.length)
    throw new MalformedPayloadError('buffers', 'do not match the channels');
  if (planes.some(plane => plane.length !== positions))
    throw new MalformedPayloadError('buffers', `do not hold ${positions} numbers per channel`);
  return {
    layer,
    shape,
    linear: asNumber(data.linear, 'linear'),
    bias: asNumber(data.bias, 'bias'),
    sums,
    shown: shown.map((channel, i) => ({ channel, values: planes[i] })),
  };
}
