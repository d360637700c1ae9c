import type { Piece } from 'piecewise/payload';

/** Whatever knows the linear maps along a path: the live kernel. */
export interface PieceSource {
  /** W of output c on the piece that t lies in. @throws NoAnswerError */
  piece(handle: string, t: number, c: number): Promise<Piece>;
}
