import { array, count, numbers, record, text } from './linearization-schema';

const quantized = record({ array, offset: numbers });
const share = { type: ['number', 'null'], minimum: 0, maximum: 1 };
const length = { type: 'integer', minimum: 1 };

/** JSON Schema (draft 7) of `EmbeddingPayload`. What a schema cannot say is in `embeddingFaults`. */
export const EMBEDDING_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'application/vnd.piecewise.embedding.v1+json',
  ...record(
    {
      schemaVersion: { type: 'string', pattern: '^1\\.\\d+$' },
      title: text,
      axes: { type: 'array', items: text, minItems: 1, maxItems: 2 },
      places: quantized,
      total: length,
      inputShape: { type: 'array', items: length, minItems: 1 },
      columns: { type: 'array', items: record({ name: text, values: quantized }) },
      history: {
        type: 'array',
        items: record({ epoch: count, loss: { type: 'number' }, trustworthiness: { type: 'number' } }),
      },
      explained: {
        type: 'array',
        items: record({
          index: count,
          input: array,
          weights: array,
          output: numbers,
          bias: numbers,
          exact: { type: 'boolean' },
          policies: { type: 'array', items: record({ layer: text, policy: { enum: ['tangent', 'gate'] } }) },
          residual: record({
            absolute: { type: 'number', minimum: 0 },
            relative: { type: 'number', minimum: 0 },
            ulps: { type: 'number', minimum: 0 },
          }),
        }),
      },
      handle: text,
    },
    {
      indices: array,
      classes: record({ names: { type: 'array', items: text, minItems: 1 }, of: array }),
      names: { type: 'array', items: text },
      measures: record({
        k: length,
        sample: length,
        trustworthiness: { type: 'number' },
        continuity: { type: 'number' },
        knnError1: share,
        knnError5: share,
        neighborhoodHit: share,
      }),
      training: record(
        { epoch: count, epochs: length, state: { enum: ['running', 'paused', 'stopped', 'done'] } },
        { stage: { enum: ['non-parametric'] } },
      ),
      thumbnails: record({
        of: array,
        height: length,
        width: length,
        columns: length,
        inked: { type: 'boolean' },
        png: { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
      }),
    },
  ),
};
