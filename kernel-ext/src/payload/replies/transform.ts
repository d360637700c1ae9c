import { SHOWN_AXES } from '../embedding';
import { asFields, asNumbers, own } from '../fields';

/** The coordinates that the network assigns to another input, one number per shown axis. */
export interface TransformReply {
  coordinates: number[];
}

/** @throws {MalformedPayloadError} */
export const readTransform = (data: unknown): TransformReply => ({
  coordinates: asNumbers(own(asFields(data, 'reply'), 'coordinates'), 1, SHOWN_AXES, 'coordinates'),
});
