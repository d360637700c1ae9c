import { float32Values, type Piece, readPiece } from 'piecewise/payload';
import { KernelLink } from '../live/kernel-link';
import type { PieceSource } from './piece-source';

/** What the kernel of a notebook knows of paths. */
export class PathLink extends KernelLink implements PieceSource {
  /** @throws NoAnswerError if the kernel does not answer; MalformedPayloadError if its answer is not what was asked for. */
  async piece(handle: string, t: number, c: number): Promise<Piece> {
    const { data, buffers } = await this.kernel.ask('piece', handle, { t, index: c });
    return readPiece(data, c, buffers.length > 0 ? float32Values(buffers[0]) : new Float32Array(0));
  }
}
