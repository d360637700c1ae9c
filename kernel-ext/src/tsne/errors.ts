import { PiecewiseError } from '../errors';

/** Too few points for a map, or for a measure of it. */
export class TooFewPointsError extends PiecewiseError {
  constructor(
    readonly points: number,
    readonly wanted: number,
  ) {
    super(
      `tsne: got ${points} points, but neighbors are defined from ${wanted} points on. Pass more points.`,
    );
  }
}

/** A perplexity that these points cannot have. */
export class PerplexityError extends PiecewiseError {
  constructor(
    readonly perplexity: number,
    readonly points: number,
  ) {
    super(
      `tsne: the perplexity is ${perplexity}, but with ${points} points it must be more than 1 and less than ` +
        `${points - 1}, the number of neighbors of a point. Good values lie between 5 and ${Math.max(5, Math.min(50, Math.floor((points - 1) / 3)))} here.`,
    );
  }
}

/** A number of neighbors that these points do not have. */
export class NeighborCountError extends PiecewiseError {
  constructor(
    readonly neighbors: number,
    readonly points: number,
  ) {
    super(
      `tsne: ${neighbors} neighbors were wanted of ${points} points; a point has ${points - 1} others. ` +
        `Give a whole number from 1 to ${points - 1}.`,
    );
  }
}

/** A point with NaN or an infinity in it. */
export class NonFiniteDataError extends PiecewiseError {
  constructor(
    readonly point: number,
    readonly column: number,
    readonly value: number,
  ) {
    super(
      `tsne: point ${point} is ${value} in column ${column}; distances need finite numbers. ` +
        `Drop such points or fill in the missing values first.`,
    );
  }
}

/** Data that is not one row of numbers, or one image, a point. */
export class DataShapeError extends PiecewiseError {
  constructor(
    readonly received: readonly number[],
    readonly expected: string,
  ) {
    super(
      `tsne: the data has shape [${received.join(', ')}]; it wanted ${expected}. Reshape it, one point a row.`,
    );
  }
}

/** A network that cannot place these points. */
export class NetworkError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(
      `tsne: the model given does not fit: ${reason}. Pass a tf.LayersModel from one point to its place, ` +
        `or none for the default one.`,
    );
  }
}

/** An option outside its range. */
export class TsneOptionError extends PiecewiseError {
  constructor(
    readonly option: string,
    readonly received: unknown,
    readonly wanted: string,
  ) {
    super(`tsne: ${option} is ${String(received)}; it wanted ${wanted}.`);
  }
}

/** The training was stopped by its signal. */
export class TrainingInterruptedError extends PiecewiseError {
  constructor(
    /** Epochs that were completed. */
    readonly epoch: number,
    readonly epochs: number,
    /** Epochs that the checkpoint holds (0: a part of the non-parametric embedding), and its folder; null if there is none. */
    readonly checkpoint: { folder: string; epoch: number } | null,
    cause: unknown,
  ) {
    super(
      `tsne: stopped after ${epoch} of ${epochs} epochs. ` +
        (checkpoint
          ? `The same call goes on from ${checkpoint.epoch > 0 ? `epoch ${checkpoint.epoch}` : 'the non-parametric embedding'}, which is kept in ${checkpoint.folder}.`
          : `Nothing was kept; pass {checkpoint: 'folder'} to be able to go on.`),
      { cause },
    );
  }
}

/** The loss is no number any more. */
export class TrainingDivergedError extends PiecewiseError {
  constructor(
    readonly epoch: number,
    readonly learningRate: number,
  ) {
    super(
      `tsne: the loss is not a finite number in epoch ${epoch}. Scale the data to about 0 … 1, ` +
        `or train with a learning rate below ${learningRate}.`,
    );
  }
}

/** A checkpoint or a saved map that could not be written; what was written before it is whole. */
export class SaveError extends PiecewiseError {
  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super(
      `tsne: ${folder} could not be written: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        `What was saved there before is unharmed. Make room, or name another folder, and call again to go on from it.`,
      { cause },
    );
  }
}

/** A folder without a saved map, or with a broken one. */
export class LoadError extends PiecewiseError {
  constructor(
    readonly folder: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(
      `loadEmbedding: ${folder} holds no saved map: ${reason}. Name the folder that embedding.save wrote.`,
      {
        cause,
      },
    );
  }
}

/** A checkpoint of another training. */
export class CheckpointMismatchError extends PiecewiseError {
  constructor(
    readonly folder: string,
    /** What differs, with the value of the checkpoint and the one of this call. */
    readonly differences: readonly string[],
  ) {
    super(
      `tsne: the checkpoint in ${folder} is of another training: ${differences.join('; ')}. ` +
        `Name another folder, or remove this one to begin anew.`,
    );
  }
}

/** A group without points, of which there is no mean. */
export class EmptyGroupError extends PiecewiseError {
  constructor() {
    super(`Embedding: the group has no points. Give at least one index, or the label of a class.`);
  }
}

/** A point or a class that the embedding does not have. */
export class UnknownPointError extends PiecewiseError {
  constructor(
    readonly received: number | string,
    readonly known: string,
  ) {
    super(
      `Embedding: there is no ${typeof received === 'number' ? 'point' : 'class'} ${received}; there are ${known}.`,
    );
  }
}
