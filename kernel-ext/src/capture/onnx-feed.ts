import type { Tensor } from '@tensorflow/tfjs';
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Opset } from '../onnx-file/graph';
import type { Normalization } from '../onnx-file/normalization';
import { toOnnx } from '../onnx-file/numbers';
import { type OnnxModel, partsOf } from '../onnx-file/onnx-model';
import type { Constant, KernelCall } from './kernel-call';
import type { InputPart, NamedTensors } from './model-input';

/** How an ONNX model is run on x. */
export interface OnnxFeed {
  /** The name of the input that x is, in its shape; for several inputs side by side in x, [N, D] or [D], where each lies. */
  readonly moving: string | readonly InputPart[];
  /** The inputs that are held at their values, such as token ids beside an image. */
  readonly held: NamedTensors;
}

/** Numbers, row major. */
export interface Numbers {
  values: ArrayLike<number>;
  shape: number[];
}

/** What a model is fed for x, and the work between x and its inputs, as calls of ONNX operators. */
export interface Fed {
  /** The number of x as a value. */
  x: number;
  feeds: Readonly<Record<string, OnnxTensor>>;
  calls: KernelCall[];
  /** The numbers of x and of all values up to the inputs, by the numbers of the values. */
  early: ReadonlyMap<number, Numbers>;
}

const OPSET: Opset = { domain: '', version: 17 };

/** The key of a value that the file names; other values have other keys. */
export const keyOfName = (name: string): string => `value ${name}`;

/** The name that a key stands for. */
export const nameOfKey = (key: string): string => key.slice(keyOfName('').length);

/** The names of the inputs that move with x. */
export const movingInputs = ({ moving }: OnnxFeed): string[] =>
  typeof moving === 'string' ? [moving] : moving.map(({ name }) => name);

/** Reads x and the held inputs. No tensor is left behind. */
export async function fedFor(model: OnnxModel, x: Tensor, feed: OnnxFeed): Promise<Fed> {
  const before = new BeforeNetwork(model);
  const { moving, held } = feed;
  const whole = { values: await x.data(), shape: x.shape };
  const start = before.add(typeof moving === 'string' ? before.keyOfRaw(moving) : 'x', whole);
  const feeds: Record<string, OnnxTensor> = {};
  const put = async (name: string, { values, shape }: Numbers) => {
    const { type } = model.inputs.find(input => input.name === name)!;
    feeds[name] = await toOnnx(type, values, shape);
  };
  if (typeof moving === 'string') await put(moving, before.normalized(start, moving));
  else for (const part of moving) await put(part.name, before.normalized(before.cut(start, part), part.name));
  for (const [name, tensor] of Object.entries(held)) await put(name, await before.held(name, tensor));
  return { x: start.value, feeds, calls: before.calls, early: before.early };
}

type Early = Numbers & { value: number };

/** Writes what happens to x before it is an input of the network. */
class BeforeNetwork {
  readonly calls: KernelCall[] = [];
  readonly early = new Map<number, Numbers>();

  constructor(private readonly model: OnnxModel) {}

  add(key: string, numbers: Numbers): Early {
    const value = partsOf(this.model).file.valueOf(key);
    this.early.set(value, numbers);
    return { value, ...numbers };
  }

  /** The key of what the caller gives for an input. */
  keyOfRaw(name: string): string {
    return this.normalizationOf(name) === null ? keyOfName(name) : `raw ${name}`;
  }

  /** One of several inputs, cut out of x. */
  cut(x: Early, { name, shape, begin, size }: InputPart): Early {
    const width = x.shape.at(-1)!;
    const rows = x.shape.length === 1 ? 1 : x.shape[0];
    const values = Float32Array.from({ length: rows * size }, (_, i) => {
      return x.values[Math.floor(i / size) * width + begin + (i % size)];
    });
    const rank = this.model.inputs.find(input => input.name === name)!.shape.length;
    const whole = rank > shape.length ? [rows, ...shape] : [...shape];
    const columns = this.add(`columns ${name}`, { values, shape: [...x.shape.slice(0, -1), size] });
    const formed = this.add(this.keyOfRaw(name), { values, shape: whole });
    this.call('Slice', name, x, [integers(begin), integers(begin + size), integers(-1)], columns);
    this.call('Reshape', name, columns, [integers(...whole)], formed);
    return formed;
  }

  /** What the network gets for an input that moves. */
  normalized(raw: Early, name: string): Numbers {
    const normalization = this.normalizationOf(name);
    if (normalization === null) return raw;
    const { scaled, shifted } = normalization.apply(raw.values, raw.shape);
    const between = this.add(`scaled ${name}`, { values: scaled, shape: raw.shape });
    const end = this.add(keyOfName(name), { values: shifted, shape: raw.shape });
    const shape = normalization.shapeFor(raw.shape);
    this.call('Mul', 'normalize', raw, [{ values: normalization.factor, shape }], between);
    this.call('Add', 'normalize', between, [{ values: normalization.offset, shape }], end);
    return end;
  }

  /** What the network gets for an input that is held. */
  async held(name: string, tensor: Tensor): Promise<Numbers> {
    const { shape } = tensor;
    const values = await tensor.data();
    return { values: this.normalizationOf(name)?.apply(values, shape).shifted ?? values, shape };
  }

  private normalizationOf(name: string): Normalization | null {
    const { normalization } = partsOf(this.model);
    return normalization?.input === name ? normalization : null;
  }

  private call(kernel: string, layer: string, from: Early, constants: Constant[], to: Early): void {
    const refs = [{ value: from.value, shape: from.shape }, ...constants];
    this.calls.push({
      kernel,
      opset: OPSET,
      layer,
      ordinal: this.calls.length,
      inputs: Object.fromEntries(refs.map((ref, i) => [String(i), ref])),
      attrs: {},
      outputs: [{ value: to.value, shape: to.shape }],
    });
  }
}

const integers = (...values: number[]): Constant => ({
  values: Float32Array.from(values),
  integers: values,
  shape: [values.length],
});
