import { WatchedTraining } from '../bundles/embedding/watched-training';
import { type Embedding, type PointData, trainEmbedding, type TsneOptions } from '../tsne';

/**
 * Trains a network that maps points to few coordinates so that neighbors stay neighbors: parametric t-SNE (van der Maaten,
 * AISTATS 2009), in mini-batches of edges of P. The network also maps new points, and `linearize(embedding, i)` explains
 * exactly why a point is where it is.
 *
 * @param data N points: [N, D] or [N, ...instance] as a tensor (which stays the caller's) or a nested array, or a data set
 *   from `data`. Best scaled to about 0 … 1.
 * @returns the embedding, which the caller disposes.
 * @throws TooFewPointsError, NonFiniteDataError, DataShapeError, NameCountError if the data does not fit;
 *   PerplexityError, NeighborCountError, TsneOptionError, NetworkError if an option does not; TrainingInterruptedError,
 *   TrainingDivergedError, SaveError, CheckpointMismatchError. No tensor leaks.
 *
 * @example
 * const embedding = await tsne(digits.batch(0, 1000), { watch: true });
 * plot(embedding);
 * const why = await linearize(embedding, 61); // why point 61 is where it is
 */
export function tsne(data: PointData, options: TsneOptions = {}): Promise<Embedding> {
  return trainEmbedding(data, options, facts => new WatchedTraining(facts));
}
