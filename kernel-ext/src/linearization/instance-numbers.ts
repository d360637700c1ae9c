import type { Tensor } from '@tensorflow/tfjs';
import type { LayerBias } from '../linear-map/bias-terms';
import type { BiasByLayer, Network } from '../linear-map/network';
import type { Work } from '../linear-map/work';

/** Some rows of W at one of a network's instances, [D] each. */
export async function rowsOf(
  network: Network,
  position: number,
  indices: readonly number[],
  work: Work,
): Promise<Float32Array[]> {
  const known = network.known(indices, position);
  if (known !== null) return cut(known, indices.length);
  return rowsAt(await network.rows(indices, work), network, position, indices.length);
}

/** The rows of one instance, [D] each. Disposes what it is given. */
export async function rowsAt(
  rows: Tensor,
  { inputs }: Network,
  position: number,
  count: number,
): Promise<Float32Array[]> {
  const numbers = await rows.data<'float32'>();
  rows.dispose();
  return cut(numbers, count).map(all => all.slice(position * inputs, (position + 1) * inputs));
}

/** The parts of b of one instance. Disposes what it is given. */
export async function layerBiases(
  { layers, bias }: BiasByLayer,
  position: number,
  count: number,
): Promise<LayerBias[]> {
  const numbers = await bias.data<'float32'>();
  bias.dispose();
  return cut(numbers, layers.length).map((all, i) => ({
    layer: layers[i],
    bias: all.slice(position * count, (position + 1) * count),
  }));
}

/** Numbers in parts of equal length, which are copies. */
export function cut(numbers: Float32Array, count: number): Float32Array[] {
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, i) => numbers.slice(i * size, (i + 1) * size));
}
