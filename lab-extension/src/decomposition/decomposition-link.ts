import {
  type Channels,
  type ContrastEdit,
  type FetchedRow,
  float32Bytes,
  float32Values,
  type RadiusReply,
  type Reach,
  readChannels,
  readContrastEdit,
  readRadius,
  readReach,
  readRows,
  readWhatIf,
  type WhatIfReply,
} from 'piecewise/payload';
import { KernelLink } from '../live/kernel-link';
import type { DecompositionSource } from './decomposition-source';

/** Rows asked for in one message; a reply with eight MNIST rows is 25 KB, with eight 224 × 224 × 3 rows 4.8 MB. */
const ROWS_PER_REQUEST = 8;

/**
 * What the kernel of a notebook knows of decompositions. Methods throw NoAnswerError if the kernel does not answer, and
 * MalformedPayloadError if an answer is not what was asked for.
 */
export class DecompositionLink extends KernelLink implements DecompositionSource {
  async rows(
    handle: string,
    indices: readonly number[],
    bias: boolean,
    signal: AbortSignal,
  ): Promise<FetchedRow[]> {
    const rows: FetchedRow[] = [];
    for (let i = 0; i < indices.length; i += ROWS_PER_REQUEST) {
      const some = indices.slice(i, i + ROWS_PER_REQUEST);
      const question = { indices: some, ...(bias && { bias }) };
      const { data, buffers } = await this.kernel.ask('rows', handle, question, [], signal);
      rows.push(...readRows(data, buffers.map(float32Values), some.length));
    }
    return rows;
  }

  async whatIf(handle: string, x: Float32Array): Promise<WhatIfReply> {
    return readWhatIf((await this.kernel.ask('whatIf', handle, {}, [float32Bytes(x)])).data);
  }

  async channels(
    handle: string,
    layer: string,
    index: number,
    rival: number | null,
    most: number,
    x: Float32Array | null,
  ): Promise<Channels> {
    const question = { layer, index, most, ...(rival !== null && { rival }) };
    const { data, buffers } = await this.kernel.ask('channels', handle, question, x ? [float32Bytes(x)] : []);
    return readChannels(data, layer, buffers.map(float32Values));
  }

  async radius(handle: string, signal: AbortSignal): Promise<RadiusReply> {
    return readRadius((await this.kernel.ask('radius', handle, {}, [], signal)).data);
  }

  async reach(handle: string, x: Float32Array): Promise<Reach> {
    return readReach((await this.kernel.ask('reach', handle, {}, [float32Bytes(x)])).data);
  }

  async contrastEdit(
    handle: string,
    index: number,
    rival: number,
    signal: AbortSignal,
  ): Promise<ContrastEdit> {
    const { data, buffers } = await this.kernel.ask('contrastEdit', handle, { index, rival }, [], signal);
    return readContrastEdit(data, buffers.map(float32Values));
  }
}
