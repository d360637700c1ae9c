import type { EmbeddingData, Sprite } from 'piecewise/payload';
import type { EmbeddingSource } from './embedding-source';

/** A pointer that stays this long on a point without a saved image asks the kernel for it; so many images are kept. */
const REST_MS = 80;
const MOST_IMAGES = 500;

/** The small images of the points: those saved in the notebook, and those that the kernel sends for the point under the pointer. */
export class PointImages {
  /** By position. */
  private readonly fetched = new Map<number, Sprite>();
  private resting: ReturnType<typeof setTimeout> | undefined;

  /** @param arrived called when an image has come from the kernel */
  constructor(
    private readonly source: EmbeddingSource | null,
    private readonly arrived: () => void,
  ) {}

  /** The image of the point at a position, as a sprite and the index of the image in it; null: it is not here. */
  of({ thumbnails }: EmbeddingData, position: number): { sprite: Sprite; index: number } | null {
    const index = thumbnails?.positions.get(position);
    if (thumbnails && index !== undefined) return { sprite: thumbnails, index };
    const sprite = this.fetched.get(position);
    return sprite ? { sprite, index: 0 } : null;
  }

  /**
   * Asks the kernel for the image of the point at a position once the pointer rests there.
   * @param position null: the pointer is on no point
   * @param point its index in the data
   */
  rest(embedding: EmbeddingData, position: number | null, point: number): void {
    clearTimeout(this.resting);
    if (position === null || !embedding.thumbnails || !this.source?.isAvailable) return;
    if (this.of(embedding, position)) return;
    this.resting = setTimeout(() => void this.fetch(embedding.handle, position, point), REST_MS);
  }

  /** Forgets what was fetched: the points have changed. */
  clear(): void {
    this.fetched.clear();
  }

  dispose(): void {
    clearTimeout(this.resting);
  }

  /** A failure does not matter here: the text under the points names the one that is pointed at. */
  private async fetch(handle: string, position: number, point: number): Promise<void> {
    const sprite = await this.source!.thumbnails(handle, [point]).catch(() => null);
    if (!sprite) return;
    this.fetched.set(position, sprite);
    const [oldest] = this.fetched.keys();
    if (this.fetched.size > MOST_IMAGES) this.fetched.delete(oldest);
    this.arrived();
  }
}
