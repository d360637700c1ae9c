import { asFields, asIndex, asList, own } from '../fields';

/** The points nearest to a point, nearest first, in the data and in the embedding, as indices in the data. */
export interface NeighborsReply {
  data: number[];
  embedding: number[];
}

const MOST_POINTS = 2 ** 24;

/** @param k how many points were requested. @throws {MalformedPayloadError} */
export function readNeighbors(reply: unknown, k: number): NeighborsReply {
  const fields = asFields(reply, 'reply');
  const list = (key: keyof NeighborsReply) =>
    asList(own(fields, key), 0, k, key).map(i => asIndex(i, MOST_POINTS, key));
  return { data: list('data'), embedding: list('embedding') };
}
