import {
  type Apart,
  type Comparison,
  type Explanation,
  float32Bytes,
  float32Values,
  type NeighborsReply,
  readApart,
  readComparison,
  readExplainReply,
  readNeighbors,
  readSteer,
  readThumbnailsReply,
  readTransform,
  type Sprite,
  toBase64,
  type TrainingState,
  type Wish,
} from 'piecewise/payload';
import { KernelLink } from '../live/kernel-link';
import type { EmbeddingSource, TwoGroups } from './embedding-source';

/**
 * What the kernel of a notebook knows of embeddings. Methods throw NoAnswerError if the kernel does not answer, and
 * MalformedPayloadError if an answer is not what was asked for.
 */
export class EmbeddingLink extends KernelLink implements EmbeddingSource {
  async explain(handle: string, point: number): Promise<Explanation> {
    const { data, buffers } = await this.kernel.ask('explain', handle, { point });
    return readExplainReply(data, point, buffers.map(float32Values));
  }

  async neighbors(handle: string, point: number, k: number): Promise<NeighborsReply> {
    return readNeighbors((await this.kernel.ask('neighbors', handle, { point, k })).data, k);
  }

  async thumbnails(handle: string, points: readonly number[]): Promise<Sprite> {
    const { data, buffers } = await this.kernel.ask('thumbnails', handle, { points: [...points] });
    const [bytes] = buffers;
    const png = ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
    return readThumbnailsReply(data, toBase64(png), points.length);
  }

  async compare(handle: string, [first, second]: TwoGroups): Promise<Comparison> {
    const groups: [number[], number[]] = [[...first], [...second]];
    const { data, buffers } = await this.kernel.ask('compare', handle, { groups });
    return readComparison(data, buffers.map(float32Values));
  }

  async apart(handle: string, [first, second]: TwoGroups): Promise<Apart> {
    const groups: [number[], number[]] = [[...first], [...second]];
    const { data, buffers } = await this.kernel.ask('apart', handle, { groups });
    return readApart(data, buffers.map(float32Values));
  }

  async transform(handle: string, x: Float32Array): Promise<number[]> {
    const { data } = await this.kernel.ask('transform', handle, {}, [float32Bytes(x)]);
    return readTransform(data).coordinates;
  }

  async select(handle: string, points: readonly number[]): Promise<void> {
    await this.kernel.ask('select', handle, { points: [...points] });
  }

  async steer(handle: string, wish: Wish): Promise<TrainingState> {
    return readSteer((await this.kernel.ask('steer', handle, { wish })).data).state;
  }
}
