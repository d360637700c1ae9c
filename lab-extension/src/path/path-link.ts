import { toFloats } from '../live/floats';
import { KernelLink } from '../live/kernel-link';
import { readPiece, type Piece, type PieceSource } from './piece';

/** What the kernel of a notebook knows of paths. */
export class PathLink extends KernelLink implements PieceSource {
  /** @throws NoAnswerError if the kernel does not answer; MalformedPayloadError if the answer is malformed. */
  async piece(handle: string, t: number, c: number): Promise<Piece> {
    const { data, buffers } = await this.kernel.ask({ op: 'segment', handle, t, index: c });
    return readPiece(data, c, buffers.length > 0 ? toFloats(buffers[0]) : new Float32Array(0));
  }
}
