import { asFields, asIndex, asList, own } from '../fields';

/** The nearest points to one, nearest first: in the data, and in the embedding. Indices of the data. */
export interface NeighborsReply {
  data: number[];
  embedding: number[];
}

const MOST_POINTS = 2 ** 24;

/** @param k how many were asked for. @throws {MalformedPayloadError} */
export function readNeighbors(reply: unknown, k: number): NeighborsReply {
  const fields = asFields(reply, 'reply');
  const list = (key: keyof NeighborsReply) =>
    asList(own(fields, key), 0, k, key).map(i => asIndex(i, MOST_POINTS, key));
  return { data: list('data'), embedding: list('embedding') };
}
