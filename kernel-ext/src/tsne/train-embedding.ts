import { createHash } from 'node:crypto';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { withWorkBar } from '../linear-map/work-bar';
import { installedSink, stopSignal } from '../sink/current-sink';
import { affinities } from './affinities';
import { Checkpoint, type Fingerprint } from './checkpoint';
import { TrainingMonitor } from './training-monitor';
import { EdgeSampler } from './edge-sampler';
import { Embedding } from './embedding';
import { TsneOptionError } from './errors';
import { fuzzyGraph } from './fuzzy-graph';
import { nearestNeighbors } from './neighbors';
import { defaultNetwork, embeddingDimensions } from './network';
import { type Objective, tsneObjective, umapObjective } from './objective';
import { featuresOf, labelsOf, type PointData, pointTensor, type Rows, rowsOf } from './points';
import { type Settings, settingsFor, type TsneOptions } from './settings';
import type { SparseGraph } from './sparse-graph';
import { Training } from './training';
import { TrainingBar } from './training-bar';
import type { TrainingWatch, WatchMaker } from './watch';

/** `tsne`, with the view that `{ watch: true }` opens; see plot/tsne. @param openWatch is not called without that option. */
export async function trainEmbedding(
  data: PointData,
  given: TsneOptions,
  openWatch: WatchMaker,
): Promise<Embedding> {
  const options = { ...given, signal: stopSignal(given.signal) };
  const end = installedSink()?.beginAbortable?.();
  const points = pointTensor(data);
  let network: LayersModel | undefined;
  let watch: TrainingWatch | null = null;
  const bar = new TrainingBar(options.watch === true || options.onProgress !== undefined);
  try {
    const rows = await rowsOf(points);
    const instance = points.shape.slice(1);
    const labels = labelsOf(data, rows.count, options.labels);
    const features = featuresOf(data, instance, options.features, 'tsne');
    const wanted = options.model ? embeddingDimensions(options.model, instance) : undefined;
    const dimensions = checkedDimensions(options.dimensions, wanted);
    const settings = settingsFor(options, rows.count, dimensions);
    network = options.model ?? defaultNetwork(instance, dimensions, settings.seed);
    const graph = await graphOf(rows, settings, options);
    if (options.watch)
      watch = openWatch({
        objective: settings.objective,
        points: rows.count,
        inputShape: instance,
        dimensions,
        labels,
        features,
      });
    const training = new Training(
      network,
      points,
      rows,
      new EdgeSampler(graph, labels, settings.supervision),
      objectiveOf(settings, rows.count),
      settings,
      new TrainingMonitor(rows, settings.seed, { ...options, watch, bar }),
      checkpointOf(options.checkpoint, network, points, rows, labels, settings),
    );
    const history = await training.run();
    const affinity = settings.objective === 'tsne' ? graph : null;
    return new Embedding(network, points, labels, { settings, history }, affinity, !options.model, features);
  } catch (error) {
    points.dispose();
    if (!options.model) network?.dispose();
    throw error;
  } finally {
    watch?.end();
    bar.end();
    end?.();
  }
}

function checkedDimensions(option: number | undefined, ofModel: number | undefined): number {
  const dimensions = option ?? ofModel ?? 2;
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new TsneOptionError('dimensions', option, 'a whole number of at least 1');
  if (ofModel !== undefined && dimensions !== ofModel)
    throw new TsneOptionError('dimensions', option, `${ofModel}, the number of outputs of the model`);
  return dimensions;
}

async function graphOf(rows: Rows, settings: Settings, options: TsneOptions): Promise<SparseGraph> {
  const { search, signal, affinity } = options;
  if (affinity) return checkedAffinity(affinity, rows.count, settings);
  const facts = { label: 'Nearest neighbors', total: rows.count, unit: 'points' };
  return withWorkBar(facts, { signal }, async work => {
    if (settings.objective === 'tsne') return affinities(rows, { ...settings, ...work, search });
    return fuzzyGraph(await nearestNeighbors(rows, settings.neighbors - 1, search, work));
  });
}

function checkedAffinity(affinity: SparseGraph, points: number, { objective }: Settings): SparseGraph {
  if (objective !== 'tsne') throw new TsneOptionError('affinity', 'P of t-SNE', `none for '${objective}'`);
  if (affinity.points !== points)
    throw new TsneOptionError(
      'affinity',
      `P of ${affinity.points} points`,
      `P of the ${points} points in the data`,
    );
  return affinity;
}

function objectiveOf({ objective, alpha, curve }: Settings, points: number): Objective {
  return objective === 'tsne' ? tsneObjective(points, alpha) : umapObjective(curve.a, curve.b);
}

function checkpointOf(
  folder: string | undefined,
  network: LayersModel,
  points: Tensor,
  rows: Rows,
  labels: readonly (string | null)[] | null,
  settings: Settings,
): Checkpoint | undefined {
  if (folder === undefined) return undefined;
  const layers = network.layers.map(layer => [
    layer.getClassName(),
    layer.outputShape,
    layer.getConfig().activation ?? null,
  ]);
  const { buffer, byteOffset, byteLength } = rows.values;
  const fingerprint: Fingerprint = {
    ...settings,
    layers,
    shape: points.shape,
    data: sumOf(new Uint8Array(buffer, byteOffset, byteLength)),
    // Without supervision, labels change nothing.
    labels: settings.supervision > 0 ? sumOf(JSON.stringify(labels)) : null,
  };
  return new Checkpoint(folder, fingerprint);
}

const sumOf = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);
