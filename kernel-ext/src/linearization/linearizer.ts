import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { inputTensor } from '../input/input-tensor';
import { isNamed, sideBySide, type NamedInputs } from '../capture/side-by-side';
import { takesIntegers } from '../capture/source';
import { ModelError } from '../errors';
import { replaceFile } from '../files/replace-file';
import type { Compiled } from '../linear-map/compiled';
import { INPUT } from '../linear-map/ends';
import { tileDone } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { describePlan } from '../plan/describe';
import type { PolicyUse } from '../rules/policy';
import type { CompiledModel } from './compiled-model';
import type { Linearization } from './linearization';
import { linearizeAt } from './linearize-at';
import type { RunOptions } from './run-options';

/** What `Linearizer.save` writes. */
export interface SaveOptions {
  /** R, the number of rows of W that the file computes in one run. Default: all C of them. */
  rows?: number;
}

/**
 * A model compiled for inputs of one shape: one static graph with F(x), the gates, rows of W and b, run at any x.
 * It holds no tensors. When the model's weights have been replaced since, the next call compiles it again.
 */
export class Linearizer {
  constructor(private readonly model: CompiledModel) {}

  /** Shape of one instance of x. */
  get inputShape(): readonly number[] {
    return this.model.inputShape;
  }

  /** C, the number of outputs. */
  get outputs(): number {
    return this.model.outputs;
  }

  /** Start of the map: 'input' or a layer. */
  get from(): string {
    return this.compiled.from;
  }

  /** End of the map: 'logits' or a layer. */
  get to(): string {
    return this.compiled.to;
  }

  /** Whether the map is exact on the whole linear region around any x; false where a policy was needed. */
  get exact(): boolean {
    return this.policies.length === 0;
  }

  get policies(): readonly PolicyUse[] {
    return this.compiled.plan.policies;
  }

  /** The final activation that is left out, so that the outputs are logits. */
  get cut(): 'softmax' | 'sigmoid' | null {
    return this.compiled.cut;
  }

  /**
   * Takes the network apart at x, as the function `linearize` does.
   *
   * @param x one instance or a batch of any size, float32; a function takes the shape that it was compiled for. A model that
   *   was compiled for inputs by name gets them by name, or as the vector in which they lie side by side.
   * @returns the linearization, which the caller disposes.
   * @throws ShapeError, CompiledShapeError, InputNamesError, ModelError, EmptyInputError, DtypeError, InputValueError, RaggedInputError, NonFiniteInputError,
   *   NonFiniteOutputError, NameCountError. No tensor is left behind then.
   */
  async linearize(x: Tensor | TensorLike | NamedInputs, options: RunOptions = {}): Promise<Linearization> {
    const { model } = this;
    return linearizeAt(model, model.checked(this.owned(x)), options);
  }

  /**
   * Writes the compiled network as a standard ONNX model, weights included: it runs unchanged in onnxruntime, in Python,
   * Node and browsers.
   *
   * With N the instances of the shape that it was compiled for (1 for one instance), the inputs are `x` [N, ...instance] and
   * `u` [R, N, C], R weightings of the outputs: a one-hot vector chooses a row of W, the difference of two is a contrast.
   * The outputs are `y` = F(x) [N, C], `w` = u·W [R, N, ...instance] and `b` [N, C], so that F(x) = W·x + b. All float32.
   *
   * @param path its folder must exist; a file that is there already is replaced once the new one is complete
   * @throws FileWriteError, AbortError
   */
  async save(path: string, { rows = this.outputs }: SaveOptions = {}): Promise<void> {
    const { model } = this;
    await withWorkBar(inPercent('Save'), {}, async work => {
      const compiled = await model.for(model.shape.instances);
      await tileDone(work, 0);
      const bytes = compiled.onnxFile(rows, model.instance);
      await tileDone(work, 0.5);
      await replaceFile(path, bytes);
    });
  }

  /** The frozen network as a table in text: one line per step, with its layer and shape. */
  summary(): string {
    return describePlan(this.compiled.plan, `${this.from} → ${this.to}`);
  }

  private get compiled(): Compiled {
    return this.model.latest;
  }

  /** x as a new tensor, which the caller disposes. */
  private owned(x: Tensor | TensorLike | NamedInputs): Tensor {
    const { source } = this.model;
    const integers = this.from !== INPUT;
    if (!isNamed(x)) return inputTensor(x, { integers: integers || takesIntegers(source, 0) });
    if (source.parts === undefined) {
      throw new ModelError(
        'x is given by name, but the linearizer was compiled for one tensor. Pass one tensor, or use await compile(model, {name: shape}).',
      );
    }
    return sideBySide(source, x, integers).x;
  }
}
