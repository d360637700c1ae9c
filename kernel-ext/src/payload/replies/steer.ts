import { TRAINING_STATES, type TrainingState } from '../embedding';
import { asFields, asOneOf, own } from '../fields';

/** What a view may ask of a training run that it watches. */
export const WISHES = ['pause', 'resume', 'stop'] as const;

export type Wish = (typeof WISHES)[number];

export interface SteerReply {
  state: TrainingState;
}

/** @throws {MalformedPayloadError} */
export const readSteer = (data: unknown): SteerReply => ({
  state: asOneOf(own(asFields(data, 'reply'), 'state'), TRAINING_STATES, 'state'),
});
