import { onnx } from 'onnx-proto';
import type { Graph, Shape } from '../plan/graph';

const { FLOAT, INT64 } = onnx.TensorProto.DataType;
const { INT, INTS } = onnx.AttributeProto.AttributeType;
const { EXTERNAL } = onnx.TensorProto.DataLocation;

/** Bytes from which a constant may go into its own file. */
const LARGE = 1024;

/** Collects the nodes and initializers of an ONNX graph and keeps the names of what a plan's nodes became. */
export class OnnxWriter {
  readonly nodes: onnx.INodeProto[] = [];
  readonly initializers: onnx.ITensorProto[] = [];
  /** Large constants by the name of their file. */
  readonly files = new Map<string, Uint8Array>();
  private readonly names = new Map<number, string>();
  private readonly gates = new Map<number, string>();
  private count = 0;

  /**
   * @param numbers the values of a constant node, by its id.
   * @param apart whether large constants are files beside the model.
   */
  constructor(
    readonly graph: Graph,
    readonly numbers: (id: number) => Float32Array,
    private readonly apart: boolean,
  ) {}

  name(id: number, name: string): void {
    this.names.set(id, name);
  }

  /** Names the truth values that a node gives. */
  gate(id: number, name: string): void {
    this.gates.set(id, name);
  }

  has(id: number): boolean {
    return this.names.has(id) || this.gates.has(id);
  }

  isGate(id: number): boolean {
    return this.gates.has(id);
  }

  readGate(id: number): string {
    return this.gates.get(id)!;
  }

  /**
   * The name under which the numbers of a node can be read; a constant is written at its first reading, and truth values
   * become 0 and 1.
   */
  read(id: number): string {
    const known = this.names.get(id);
    if (known !== undefined) return known;
    const gate = this.gates.get(id);
    const name =
      gate === undefined
        ? this.floats(this.numbers(id), this.graph.shape(id))
        : this.node('Cast', [gate], { to: FLOAT });
    this.name(id, name);
    return name;
  }

  floats(values: Float32Array, shape: Shape): string {
    return this.initializer(
      FLOAT,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      shape,
    );
  }

  integers(values: readonly number[], shape: Shape = [values.length]): string {
    return this.initializer(INT64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer), shape);
  }

  /** Appends a node with one output. */
  node(
    opType: string,
    input: string[],
    attributes: Record<string, number | number[]> = {},
    name = `${opType}_${this.count++}`,
  ): string {
    const attribute = Object.entries(attributes).map(([key, value]) =>
      Array.isArray(value) ? { name: key, type: INTS, ints: value } : { name: key, type: INT, i: value },
    );
    this.nodes.push({ opType, name, input, output: [name], attribute });
    return name;
  }

  valueInfo(name: string, shape: Shape): onnx.IValueInfoProto {
    const dim = shape.map(dimValue => ({ dimValue }));
    return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
  }

  private initializer(dataType: number, rawData: Uint8Array, shape: Shape): string {
    const name = `constant_${this.initializers.length}`;
    const tensor = { name, dataType, dims: [...shape] };
    if (this.apart && rawData.length >= LARGE) {
      this.files.set(name, rawData);
      const externalData = [{ key: 'location', value: name }];
      this.initializers.push({ ...tensor, dataLocation: EXTERNAL, externalData });
    } else {
      this.initializers.push({ ...tensor, rawData });
    }
    return name;
  }
}
