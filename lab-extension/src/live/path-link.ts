import { type LiveKernel, toFloats } from './link';
import { readSegment, type Segment, type SegmentSource } from '../path/piece';

/** What the kernel of a notebook says of paths. */
export class LiveWay implements SegmentSource {
  constructor(private readonly kernel: LiveKernel) {}

  /** @throws RowsUnavailableError if the kernel does not answer; MalformedPayloadError if the answer is none. */
  async segment(handle: string, t: number, c: number): Promise<Segment> {
    const { data, buffers } = await this.kernel.ask({ op: 'segment', handle, t, index: c });
    return readSegment(data, c, buffers.length > 0 ? toFloats(buffers[0]) : new Float32Array(0));
  }
}
