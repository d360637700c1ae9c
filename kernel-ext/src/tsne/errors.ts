import { FileWriteError, PiecewiseError } from '../errors';

/** There are too few points for an embedding, or for a measure of it. */
export class TooFewPointsError extends PiecewiseError {
  constructor(
    readonly points: number,
    readonly wanted: number,
  ) {
    super(`tsne: got ${points} points, but needs at least ${wanted}. Pass more points.`);
  }
}

/** The perplexity is out of range for these points. */
export class PerplexityError extends PiecewiseError {
  constructor(
    readonly perplexity: number,
    readonly points: number,
  ) {
    super(
      `tsne: the perplexity is ${perplexity}, but for ${points} points it must be more than 1 and less than ` +
        `${points - 1}, the number of neighbors of a point. Good values here are from 5 to ${Math.max(5, Math.min(50, Math.floor((points - 1) / 3)))}.`,
    );
  }
}

/** The points do not have this number of neighbors. */
export class NeighborCountError extends PiecewiseError {
  constructor(
    readonly neighbors: number,
    readonly points: number,
  ) {
    super(
      `tsne: got ${neighbors} neighbors for ${points} points, but each point has ${points - 1} others. ` +
        `Give a whole number from 1 to ${points - 1}.`,
    );
  }
}

/** A point contains NaN or an infinity. */
export class NonFiniteDataError extends PiecewiseError {
  constructor(
    readonly point: number,
    readonly column: number,
    readonly value: number,
  ) {
    super(
      `tsne: point ${point} is ${value} in column ${column}, but distances need finite numbers. ` +
        `Drop such points, or fill in the missing values first.`,
    );
  }
}

/** The data does not have one row of numbers, or one image, per point. */
export class DataShapeError extends PiecewiseError {
  constructor(
    readonly received: readonly number[],
    readonly expected: string,
  ) {
    super(
      `tsne: the data has shape [${received.join(', ')}], but must have shape ${expected}. Reshape it to one point per row.`,
    );
  }
}

/** The network does not map these points to coordinates. */
export class NetworkError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(
      `tsne: the model does not fit: ${reason}. Pass a tf.LayersModel that maps a point to its coordinates, ` +
        `or leave it out for the default network.`,
    );
  }
}

/** An option is out of range. */
export class TsneOptionError extends PiecewiseError {
  constructor(
    readonly option: string,
    readonly received: unknown,
    readonly wanted: string,
  ) {
    super(`tsne: ${option} is ${String(received)}. Give ${wanted}.`);
  }
}

/** The training was interrupted by its signal. */
export class TrainingInterruptedError extends PiecewiseError {
  constructor(
    /** Epochs that are done. */
    readonly epoch: number,
    readonly epochs: number,
    /** The checkpoint's folder and its epochs (0: part of the non-parametric embedding); null if there is no checkpoint. */
    readonly checkpoint: { folder: string; epoch: number } | null,
    cause: unknown,
  ) {
    super(
      `tsne: stopped after ${epoch} of ${epochs} epochs. ` +
        (checkpoint
          ? `The same call resumes from ${checkpoint.epoch > 0 ? `epoch ${checkpoint.epoch}` : 'the non-parametric embedding'}, which is kept in ${checkpoint.folder}.`
          : `Nothing was kept. Pass {checkpoint: 'folder'} to be able to resume.`),
      { cause },
    );
  }
}

/** The loss is no longer a finite number. */
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

/** A checkpoint or an embedding could not be written; what was written before is intact. */
export class SaveError extends PiecewiseError {
  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super(
      `tsne: ${folder} could not be written: ${cause instanceof FileWriteError ? cause.reason : messageOf(cause)}. ` +
        `What was saved there before is intact. Make room or choose another folder, and call again to resume.`,
      { cause },
    );
  }
}

/** The folder has no saved embedding, or a damaged one. */
export class LoadError extends PiecewiseError {
  constructor(
    readonly folder: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(
      `loadEmbedding: ${folder} has no saved embedding: ${reason}. Give the folder that embedding.save wrote.`,
      {
        cause,
      },
    );
  }
}

/** The folder has a checkpoint that cannot be read: another program changed it, or the disk is damaged. */
export class CheckpointReadError extends PiecewiseError {
  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super(
      `tsne: the checkpoint in ${folder} cannot be read: ${messageOf(cause)}. ` +
        `Choose another folder, or remove this one to start over.`,
      { cause },
    );
  }
}

/** Another training writes its checkpoints into the folder at this moment. */
export class CheckpointInUseError extends PiecewiseError {
  constructor(
    readonly folder: string,
    /** The number of the process that runs the other training. */
    readonly pid: number,
  ) {
    super(
      `tsne: another training, in ${pid === process.pid ? 'this process' : `process ${pid}`}, uses the checkpoint in ${folder}. ` +
        `Wait until it ends, stop it, or choose another folder.`,
    );
  }
}

/** The checkpoint is from another training. */
export class CheckpointMismatchError extends PiecewiseError {
  constructor(
    readonly folder: string,
    /** What differs: the value in the checkpoint and the value in this call. */
    readonly differences: readonly string[],
  ) {
    super(
      `tsne: the checkpoint in ${folder} is from another training: ${differences.join('; ')}. ` +
        `Choose another folder, or remove this one to start over.`,
    );
  }
}

/** The group has no points, so it has no mean. */
export class EmptyGroupError extends PiecewiseError {
  constructor() {
    super(`Embedding: the group has no points. Give at least one index, or the label of a class.`);
  }
}

/** The embedding does not have this point or class. */
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

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
