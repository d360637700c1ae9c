import { PiecewiseError } from './piecewise-error';

/** What the system's codes mean to whoever wanted to write a file. */
const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'it is larger than this process may write',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
};

/** A file could not be written. If there was one before, it is intact. */
export class FileWriteError extends PiecewiseError {
  /** The system's code, such as ENOSPC; undefined if the cause has none. */
  readonly code: string | undefined;
  /** Why, in words: 'the disk is full'. */
  readonly reason: string;

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const code = (cause as NodeJS.ErrnoException | null)?.code;
    const reason = REASONS[code ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
    super(
      `The file ${path} could not be written: ${reason}. ` +
        `What was there before is intact. Make room or choose another path, and write it again.`,
      { cause },
    );
    this.code = code;
    this.reason = reason;
  }
}
