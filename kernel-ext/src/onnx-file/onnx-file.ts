import { create, toBinary } from '@bufbuild/protobuf';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { OnnxError } from '../errors';
import { classifiersApart } from './classifiers-apart';
import type { External } from './external-data';
import type { OnnxGraph, OnnxNode } from './graph';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  ValueInfoProtoSchema,
} from './onnx_pb';
import { ordered } from './ordered';
import { runError } from './run-error';
import { Session } from './session';
import { shallowCopy } from './shallow-copy';
import { functionWriter, versionsOf, type WriteOut } from './written-out';

/** How many compiled versions of a file are kept: the file itself, and versions that give activations as well. */
const KEPT = 4;

/** The opset of nodes that are added to a model which has none of the default domain. */
const OPSET = 17n;

/** The domains of the operators that onnxruntime brings. */
const DOMAINS = new Set([
  ...['', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview', 'ai.onnx.preview.training'],
  ...['com.microsoft', 'com.microsoft.experimental', 'com.microsoft.nchwc', 'com.ms.internal.nhwc'],
]);

/** What a version of a file gives besides its outputs. */
export interface Added {
  nodes?: readonly NodeProto[];
  /** Names of values that become outputs. */
  outputs?: readonly string[];
}

/** An ONNX file that has been read, and its sessions of onnxruntime. */
export class OnnxFile {
  /** The nodes with the model's own functions written out. */
  readonly graph: OnnxGraph;
  /** Puts the bodies of the model's own functions in place of their calls. */
  readonly writeOut: WriteOut;
  private readonly versions: ReadonlyMap<string, number>;
  /** The outputs by name, and the value that each is: what a ZipMap turns into dictionaries is read before it. */
  readonly results: ReadonlyMap<string, string>;
  /** Whether the nodes of the graph are those of the file, none written in another way. */
  private readonly isVerbatim: boolean;
  private readonly sessions = new Map<string, Session>();
  private readonly values = new Map<string, number>();
  private readonly keys: string[] = [];
  private isReleased = false;

  /** @throws OnnxError if the graph has a circle or is incomplete */
  constructor(
    /** The path, for messages. */
    readonly name: string,
    private readonly bytes: Uint8Array,
    private readonly model: ModelProto,
    private readonly external: External,
  ) {
    this.versions = versionsOf(model.opsetImport);
    this.writeOut = functionWriter(model, name);
    this.graph = this.graphOf(
      classifiersApart(this.writeOut(model.graph!.node), this.versions),
      model.graph!.initializer,
    );
    const own = new Set(model.graph!.node);
    this.isVerbatim = this.graph.nodes.every(({ proto }) => own.has(proto));
    const zipped = this.graph.nodes
      .filter(({ proto }) => proto.opType === 'ZipMap')
      .map(({ proto }) => [proto.output[0], proto.input[0]] as const);
    const before = new Map(zipped);
    this.results = new Map(this.graph.outputs.map(name => [name, before.get(name) ?? name]));
  }

  /** A graph of this file's inputs and outputs with other nodes. @throws OnnxError */
  graphOf(nodes: readonly OnnxNode[], weights: readonly TensorProto[], choices = ''): OnnxGraph {
    const { input, output, sparseInitializer } = this.model.graph!;
    const sparse = sparseInitializer.map(({ values }) => values?.name ?? '');
    const initializers = new Set([...weights.map(({ name }) => name), ...sparse]);
    const known = new Set([...initializers, ...input.map(({ name }) => name)]);
    const sorted = ordered(nodes, known, this.name);
    assertKnown(sorted, this.name);
    const given = new Set([...known, ...sorted.flatMap(({ proto }) => proto.output)]);
    const missing = output.find(({ name }) => !given.has(name));
    if (missing !== undefined)
      throw new OnnxError(this.name, `nothing in it gives the output '${missing.name}'. Export it again`);
    return {
      nodes: sorted,
      choices,
      weights,
      initializers,
      inputs: input.map(({ name }) => name).filter(name => !initializers.has(name)),
      outputs: output.map(({ name }) => name),
    };
  }

  /** The number that stands for a value, the same in all captures of this file. */
  valueOf(key: string): number {
    const known = this.values.get(key);
    if (known !== undefined) return known;
    this.values.set(key, this.keys.length);
    return this.keys.push(key) - 1;
  }

  keyOf(value: number): string {
    return this.keys[value];
  }

  /** The session of the file itself, or of a version of it that gives more; kept for the next time. */
  session(graph: OnnxGraph = this.graph, outputs: readonly string[] = []): Session {
    const key = JSON.stringify([graph.choices, outputs]);
    const session = this.sessions.get(key) ?? this.compiled(graph, { outputs }, true);
    this.sessions.delete(key);
    this.sessions.set(key, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > KEPT) {
      this.sessions.get(oldest)!.release();
      this.sessions.delete(oldest);
    }
    return session;
  }

  /** The session that gives all results. */
  whole(): Session {
    const before = [...this.results.values()].filter(value => !this.graph.outputs.includes(value));
    return this.session(this.graph, before);
  }

  /** A session of the file, or of a version of it that gives more, which the caller releases. */
  compiled(graph: OnnxGraph, added: Added, optimized: boolean): Session {
    if (this.isReleased) throw new OnnxError(this.name, 'the model has been disposed of. Load it again');
    const { folder, files } = this.external;
    const options = { optimized, ...(folder === undefined ? {} : { folder }) };
    return new Session(this.bytesWith(graph, added), new Map(Object.entries(files)), options);
  }

  /** Runs a session. @throws OnnxError */
  async run(
    session: Session,
    feeds: InferenceSession.FeedsType,
    fetches?: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>> {
    try {
      return await session.run(feeds, fetches);
    } catch (error) {
      throw runError(this.name, error, this.graph);
    }
  }

  /** Names, types and shapes as onnxruntime infers them. @throws OnnxError */
  async typesOf(session: Session): Promise<Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>> {
    try {
      return await session.values();
    } catch (error) {
      throw runError(this.name, error, this.graph);
    }
  }

  /** Frees all sessions as soon as their runs have ended. */
  release(): void {
    this.isReleased = true;
    for (const session of this.sessions.values()) session.release();
    this.sessions.clear();
  }

  /**
   * The bytes of a version of the file. Where nodes are only added, it is the user's own bytes and those of the addition: encoded
   * messages merge.
   */
  private bytesWith(graph: OnnxGraph, { nodes = [], outputs = [] }: Added): Uint8Array {
    const added = nodes.length > 0 || outputs.length > 0;
    if (graph === this.graph && !added) return this.bytes;
    const addition = create(ModelProtoSchema, {
      graph: { output: outputs.map(name => create(ValueInfoProtoSchema, { name })) },
      opsetImport: this.versions.has('') ? [] : [{ domain: '', version: OPSET }],
    });
    // Shared, and not copied as `create` does with messages of other kinds.
    addition.graph!.node = [...nodes];
    const base =
      graph === this.graph && this.isVerbatim
        ? this.bytes
        : toBinary(ModelProtoSchema, this.rewritten(graph));
    return Buffer.concat([base, toBinary(ModelProtoSchema, addition)]);
  }

  private rewritten({ nodes, weights }: OnnxGraph): ModelProto {
    const graph: Partial<GraphProto> = {
      node: nodes.map(({ proto }) => proto),
      initializer: [...weights],
      valueInfo: [],
    };
    // Functions stay, since graphs within nodes may call them.
    return shallowCopy(this.model, { graph: shallowCopy(this.model.graph!, graph) });
  }
}

/** @throws OnnxError for an operator from a domain that is neither onnxruntime's nor the file's own */
function assertKnown(nodes: readonly OnnxNode[], file: string): void {
  const foreign = nodes.find(({ opset }) => !DOMAINS.has(opset.domain));
  if (foreign === undefined) return;
  const { label, opset, proto } = foreign;
  throw new OnnxError(
    file,
    `its operator is from the domain '${opset.domain}', which neither onnxruntime nor the file defines. Export the model without it`,
    { node: label, operator: proto.opType },
  );
}
