import type { RadiusReply, Reach, Channels, WhatIfReply, ContrastEdit } from 'piecewise/payload';
import type { Delaying } from '../live/delay';
import type { WhatIfSource } from '../live/what-if';
import type { RowSource } from './row-store';

/** What a live kernel knows of a decomposition beyond the notebook. Every method throws NoAnswerError. */
export interface DecompositionSource extends RowSource, WhatIfSource<WhatIfReply>, Delaying {
  /**
   * What the channels of a layer add to class `index`.
   * @param rival the class that is subtracted; null: none
   * @param most how many channels come with their images
   * @param x an edited input in place of x; null: x itself
   */
  channels(
    handle: string,
    layer: string,
    index: number,
    rival: number | null,
    most: number,
    x: Float32Array | null,
  ): Promise<Channels>;
  /** How far the map is exact in all directions. */
  radius(handle: string, signal: AbortSignal): Promise<RadiusReply>;
  /** How far it is exact towards another input x′. */
  reach(handle: string, x: Float32Array): Promise<Reach>;
  /** An edit of x at which the two classes tie. */
  contrastEdit(handle: string, index: number, rival: number, signal: AbortSignal): Promise<ContrastEdit>;
}

/** A kernel, or anything else that knows at least the rows of W. */
export type Source = RowSource & Partial<DecompositionSource>;

export const canExplore = (source: Source | null): source is DecompositionSource =>
  source?.channels !== undefined && source.radius !== undefined && source.contrastEdit !== undefined;

export const canRun = (source: Source | null): source is RowSource & WhatIfSource<WhatIfReply> =>
  source?.whatIf !== undefined;
