import type { ExplainReply } from './explanation';
import type { ThumbnailsReply } from './pictures/thumbnails';
import type { ApartReply } from './replies/apart';
import type { ChannelsReply } from './replies/channels';
import type { CompareReply } from './replies/comparison';
import type { ContrastEditReply } from './replies/contrast-edit';
import type { NeighborsReply } from './replies/neighbors';
import type { PieceReply } from './replies/piece';
import type { RowsReply } from './replies/rows';
import type { SteerReply, Wish } from './replies/steer';
import type { TransformReply } from './replies/transform';
import type { WhatIfReply } from './replies/what-if';
import type { RadiusReply, Reach } from './validity';

/** The comm target on which the kernel answers questions beyond what the bundle contains. The front end opens it. */
export const COMM_TARGET = 'piecewise.v1';

/** Two groups of points, as indices in the data. */
export type Groups = [number[], number[]];

/** What a view may ask, by op: the fields of the question (which also has id, op and handle) and those of the reply. */
interface Exchanges {
  hello: [question: object, reply: { schemaVersion: string }];
  /** Rows of W and, if wanted, b of these outputs by layer. One buffer per index: float32, little endian, in the input's shape. */
  rows: [question: { indices: number[]; bias?: boolean }, reply: RowsReply];
  /** The outputs at another input. With one buffer: x', float32, little endian, in the input's shape. */
  whatIf: [question: object, reply: WhatIfReply];
  /** How far the linear map remains exact in all directions. */
  radius: [question: object, reply: RadiusReply];
  /** How far it remains exact toward another input. With one buffer, as for `whatIf`. */
  reach: [question: object, reply: Reach];
  /** A change of x at which outputs `index` and `rival` tie. */
  contrastEdit: [question: { index: number; rival: number }, reply: ContrastEditReply];
  /**
   * What the channels of a layer's activation add to class `index`, or to its difference from class `rival`. One buffer,
   * as for `whatIf`, asks about another input.
   */
  channels: [question: { layer: string; index: number; rival?: number; most: number }, reply: ChannelsReply];
  /** W, b and x of one point of an embedding. */
  explain: [question: { point: number }, reply: ExplainReply];
  /** The k points nearest to a point, in the data and in the embedding. */
  neighbors: [question: { point: number; k: number }, reply: NeighborsReply];
  /** Thumbnails, in the order of the points. */
  thumbnails: [question: { points: number[] }, reply: ThumbnailsReply];
  /** Mean contributions of two groups (of one or more points each). */
  compare: [question: { groups: Groups }, reply: CompareReply];
  /** The displacement between two groups, split exactly over the input; a large group is represented by some of its points. */
  apart: [question: { groups: Groups }, reply: ApartReply];
  /** The coordinates of another input. With one buffer: x', float32, little endian, in the shape of a point. */
  transform: [question: object, reply: TransformReply];
  /** Reports what is selected now, for `selection(embedding)`. */
  select: [question: { points: number[] }, reply: object];
  /** Steers a training run that is watched. */
  steer: [question: { wish: Wish }, reply: SteerReply];
  /** W of output `index` on the piece of a path that t lies in. */
  piece: [question: { t: number; index: number }, reply: PieceReply];
}

/** The name of a question. */
export type Op = keyof Exchanges;

/** The fields of a question, without id, op and handle. */
export type Question<O extends Op> = Exchanges[O][0];

/** The fields of the reply to it, without id, ok and op. */
export type Reply<O extends Op> = Exchanges[O][1];

/** Front end → kernel, one message each on the comm `COMM_TARGET`. */
export type CommRequest =
  { [O in Op]: { id: number; op: O; handle: string } & Question<O> }[Op] | CancelRequest;

/** The answer to question `cancels` is no longer wanted. */
export interface CancelRequest {
  id: number;
  op: 'cancel';
  cancels: number;
}

/** 'gone': the kernel does not know the handle; 'bad-request': the question cannot be answered; 'failed': answering threw. */
export type RefusalCode = 'gone' | 'bad-request' | 'failed';

/** Kernel → front end. */
export type CommReply =
  | { [O in Op]: { id: number; ok: true; op: O } & Reply<O> }[Op]
  | { id: number; ok: false; code: RefusalCode; message: string };

/** How many points of a group one question may name. */
export const MOST_IN_GROUP = 500;
