import type { Tensor } from '@tensorflow/tfjs';
import { NumbersError } from '../display/errors';
import { csvText, npyBytes } from '../payload';

/** One line per entry of the first axis and one column per entry of the second, named by its index. */
export async function tensorCsv(tensor: Tensor): Promise<string> {
  if (tensor.rank > 2)
    throw new NumbersError(`a tensor of shape [${tensor.shape}] for CSV`, 'rank 2 or less, or a file.npy');
  const values = (await tensor.data()) as Float32Array;
  const width = tensor.shape[1] ?? 1;
  const rows = Array.from({ length: values.length / width }, (_, i) => [
    ...values.subarray(i * width, (i + 1) * width),
  ]);
  return csvText(
    Array.from({ length: width }, (_, i) => String(i)),
    rows,
  );
}

/** The tensor's numbers as float32, in its shape. */
export async function tensorNpy(tensor: Tensor): Promise<Uint8Array> {
  return npyBytes(tensor.shape, Float32Array.from(await tensor.data()));
}
