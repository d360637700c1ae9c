import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { DisconnectedError, ModelError } from '../errors';
import { isConstant, type Capture, type Constant, type KernelCall, type Ref } from './kernel-call';
import type { LiveCall } from './live-call';
import { runOnnx } from './onnx-source';
import { namesOf, pathTo } from './path-to';
import { record } from './record';
import { captureOnnx, onnxActivations } from './record-onnx';
import type { Source, TfSource } from './source';

/** Kernels that only change a tensor's shape: a constant that they reshape remains shared and is not copied. */
const RESHAPES = new Set(['Reshape', 'Identity', 'ExpandDims']);

/** What may follow the activation at the end of a model: kernels, and operators of ONNX, that only change the shape or the type. */
const AFTER_END = new Set([...RESHAPES, 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast']);

/**
 * Runs the model once on x and returns the kernel calls on the paths from x to F(x).
 * No tensor is left behind. A model of TensorFlow.js runs before this returns a promise.
 *
 * @param x [N, ...instance], as the model takes it.
 * @throws DisconnectedError if F(x) does not depend on x, ModelError, DynamicGraphError, OnnxError
 */
export async function capture(source: Source, x: Tensor): Promise<Capture> {
  return 'onnx' in source
    ? runOnnx(source, x, feed => captureOnnx(source.onnx, x, feed))
    : captureKernels(source, x);
}

function captureKernels(source: TfSource, x: Tensor): Capture {
  let captured!: Capture;
  tf.tidy(() => {
    // A fresh tensor: its id separates the tensors that existed before from those that the run makes.
    const input = tf.clone(x);
    const recorder = new Recorder(input);
    const { output, layerOutputs, random, nodes } = record(source, input, call => recorder.add(call));
    if (nodes !== undefined) recorder.name(nodes);
    const outputs = outputsOf(output);
    const active = [...outputs].filter(([, t]) => recorder.isActive(t));
    if (active.length === 0) throw new DisconnectedError();
    const targets = active.map(([name, t]) => [name, { value: t.id, shape: t.shape }] as const);
    const { calls, values } = pathTo(
      targets.map(([, { value }]) => value),
      recorder.calls,
    );
    const constant = [...outputs.keys()].filter(name => !active.some(([moving]) => moving === name));
    captured = {
      input: { value: input.id, shape: input.shape },
      output: targets[0][1],
      ...(outputs.size > 1 ? { outputs: { moving: new Map(targets), constant } } : {}),
      calls,
      random: [...random].map(layer => layer ?? 'the model'),
      layers: new Map([...namesOf(calls, layerOutputs)].filter(([, value]) => values.has(value))),
    };
  });
  return captured;
}

/** The outputs by name; a single output goes under the empty name. @throws ModelError */
function outputsOf(output: unknown): Map<string, Tensor> {
  if (output instanceof tf.Tensor) return new Map([['', output]]);
  const named = typeof output === 'object' && output !== null ? Object.entries(output) : [];
  if (named.length === 0 || !named.every(([, t]) => t instanceof tf.Tensor)) {
    throw new ModelError(
      'the function did not return one tensor, or tensors by name. Return the tensor to explain.',
    );
  }
  return new Map(named);
}

/**
 * Runs the model itself on x and returns the activation that a capture ends at: F(x) computed without any frozen steps.
 * The caller disposes it.
 */
export async function referenceOutput(source: Source, x: Tensor, captured: Capture): Promise<Tensor> {
  const [output] = await activationsAt(source, x, captured, [captured.output.value]);
  return output;
}

/** Runs the model itself on x and returns some activations of a capture, without any frozen steps. The caller disposes them. */
export async function activationsAt(
  source: Source,
  x: Tensor,
  captured: Capture,
  values: readonly number[],
): Promise<Tensor[]> {
  return 'onnx' in source
    ? runOnnx(source, x, feed => onnxActivations(source.onnx, x, feed, values))
    : kernelActivations(source, x, captured, values);
}

function kernelActivations(
  source: TfSource,
  x: Tensor,
  { input, calls }: Capture,
  values: readonly number[],
): Tensor[] {
  const found = new Map<number, Tensor>();
  if (values.includes(input.value)) found.set(input.value, tf.clone(x));
  const makers = new Map(calls.map(call => [call.ordinal, call.outputs]));
  let seen = 0;
  try {
    tf.tidy(() => {
      // Kept, since the layer that made it may be in a tidy of its own.
      record(source, x, call => {
        const outputs = makers.get(seen++) ?? [];
        outputs.forEach(({ value }, i) => {
          if (values.includes(value)) found.set(value, tf.keep(tf.clone(call.outputs[i])));
        });
      });
    });
    return values.map(value => found.get(value)!);
  } catch (error) {
    tf.dispose([...found.values()]);
    throw error;
  }
}

/** Keeps the calls that read an activation, and remembers where constants come from. */
class Recorder {
  readonly calls: KernelCall[] = [];
  private seen = 0;
  private readonly active = new Set<number>();
  private readonly shared = new Map<number, Constant>();

  constructor(private readonly input: Tensor) {
    this.active.add(input.id);
  }

  isActive(t: Tensor): boolean {
    return this.active.has(t.id);
  }

  add({ kernel, layer, inputs, attrs, outputs }: LiveCall): void {
    const ordinal = this.seen++;
    const tensors = Object.values(inputs)
      .flat()
      .filter(t => t !== undefined && t !== null);
    if (!tensors.some(t => this.isActive(t))) {
      if (RESHAPES.has(kernel)) this.share(tensors[0], outputs[0]);
      return;
    }
    for (const t of outputs) this.active.add(t.id);
    this.calls.push({
      kernel,
      layer: layer ?? `${kernel}_${this.calls.length}`,
      ordinal,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, this.refs(t)])),
      attrs,
      outputs: outputs.map(t => ({ value: t.id, shape: t.shape })),
    });
  }

  /** Names the calls by the nodes that made them. */
  name(nodes: readonly (string | undefined)[]): void {
    for (const call of this.calls) call.layer = nodes[call.ordinal] ?? call.layer;
  }

  private refs(t: Tensor | Tensor[] | undefined | null): Ref | Ref[] | undefined {
    if (t === undefined || t === null) return undefined;
    return Array.isArray(t) ? t.map(one => this.ref(one)) : this.ref(t);
  }

  private ref(t: Tensor): Ref {
    return this.isActive(t) ? { value: t.id, shape: t.shape } : this.constant(t);
  }

  private constant(t: Tensor): Constant {
    const known = this.shared.get(t.id);
    if (known !== undefined) return known;
    if (t.id < this.input.id) return { tensor: t, shape: t.shape };
    return { values: Float32Array.from(t.dataSync<'float32'>()), shape: t.shape };
  }

  private share(from: Tensor, to: Tensor): void {
    const constant = this.constant(from);
    this.shared.set(to.id, { ...constant, shape: to.shape });
  }
}

/**
 * Ends the capture before a final softmax or sigmoid, so that the outputs are the logits.
 * Reshapes after it are ignored.
 */
export function cutFinalActivation(capture: Capture): {
  capture: Capture;
  cut: 'softmax' | 'sigmoid' | null;
} {
  const last = capture.calls.findLastIndex(call => !AFTER_END.has(call.kernel));
  const call = capture.calls[last];
  const cut = call?.kernel === 'Softmax' ? 'softmax' : call?.kernel === 'Sigmoid' ? 'sigmoid' : null;
  const ref = call?.inputs.logits ?? call?.inputs.x ?? call?.inputs['0'];
  if (cut === null || ref === undefined || Array.isArray(ref) || isConstant(ref))
    return { capture, cut: null };
  return { capture: endAt(capture, ref), cut };
}

/** The part of a capture that leads to one activation. */
export function endAt(capture: Capture, output: Capture['output']): Capture {
  const { calls, values } = pathTo([output.value], capture.calls);
  return {
    ...capture,
    output,
    outputs: undefined,
    calls,
    layers: new Map([...capture.layers].filter(([, value]) => values.has(value))),
  };
}

/** The part of a capture that an activation a leads to, and what else this part reads: activations that do not come from a. */
export interface Tail {
  capture: Capture;
  sides: readonly Capture['input'][];
}

/** @returns null if a does not lead to the output. */
export function startAt(capture: Capture, value: number): Tail | null {
  const made = [capture.input, ...capture.calls.flatMap(call => call.outputs)];
  const input = made.find(activation => activation.value === value)!;
  const inside = new Set([value]);
  const sides = new Map<number, Capture['input']>();
  const calls = capture.calls.filter(call => {
    const refs = Object.values(call.inputs).flat();
    const activations = refs.flatMap(ref => (ref === undefined || isConstant(ref) ? [] : [ref]));
    if (!activations.some(ref => inside.has(ref.value))) return false;
    for (const ref of activations) if (!inside.has(ref.value)) sides.set(ref.value, ref);
    for (const output of call.outputs) inside.add(output.value);
    return true;
  });
  if (calls.length === 0 || !inside.has(capture.output.value)) return null;
  const layers = new Map([...capture.layers].filter(([, named]) => inside.has(named)));
  return { capture: { ...capture, input, calls, layers }, sides: [...sides.values()] };
}
