import { ManyOutputsError } from '../../display/errors';
import type { Path } from '../../paths/path';
import {
  type Decision,
  encodeArray,
  encodeIntegers,
  evenly,
  MOST_OUTPUTS,
  NO_LAYER,
  PageOrder,
  type PathPayload,
  quantized,
  SCHEMA_VERSION,
} from '../../payload';
import { decisionsOf } from '../../paths/decisions';

/** How many breakpoints a notebook keeps at most. A path between two digits passes through 4,000 to 5,000 regions: 160 KB. */
const MOST_BREAKPOINTS = 8192;
const MOST_SHOWN = 10;

/** A path as plain data. @param handle the name under which the kernel answers for its pieces. @throws ManyOutputsError */
export async function pathPayload(path: Path, handle: string): Promise<PathPayload> {
  if (path.classes > MOST_OUTPUTS)
    throw new ManyOutputsError(path.classes, MOST_OUTPUTS, 'Let the path end at a layer with fewer, { to }.');
  const decisions = path.decides ? decisionsOf(path) : [];
  const kept = evenly(path.t.length, MOST_BREAKPOINTS);
  const shown = shownOutputs(path, decisions);
  const values = Float32Array.from(kept.flatMap(v => shown.map(c => path.outputs[v * path.classes + c])));
  const { layers, layerOf } = layersOf(path, kept);
  const [from, to] = await Promise.all([0, 1].map(t => inputAt(path, t)));
  return {
    schemaVersion: SCHEMA_VERSION,
    labels: [...path.labels],
    ...(path.features && { features: new PageOrder(path).toPage([...path.features]) }),
    decides: path.decides,
    regions: path.regions,
    from,
    to,
    t: encodeArray(
      Float32Array.from(kept, v => path.t[v]),
      [kept.length],
    ),
    shown,
    values: quantized(values, shown.length),
    layers,
    layerOf: encodeIntegers(layerOf, 'uint8', [kept.length]),
    decisions,
    residual: path.residual,
    handle,
  };
}

async function inputAt(path: Path, t: number) {
  const x = path.input(t);
  const values = (await x.data()) as Float32Array;
  x.dispose();
  const order = new PageOrder(path);
  return encodeArray(order.toPage(values), x.shape.length === 0 ? [1] : order.shape);
}

/** Outputs that are the largest somewhere, in the order in which they become so, then those that rise highest. */
function shownOutputs({ outputs, classes, decides }: Path, decisions: readonly Decision[]): number[] {
  const all = [...Array(classes).keys()];
  if (!decides) return all.slice(0, MOST_SHOWN);
  const highest = all.map(c => {
    let most = -Infinity;
    for (let i = c; i < outputs.length; i += classes) most = Math.max(most, outputs[i]);
    return most;
  });
  const winners = [...decisions.map(({ from }) => from), ...decisions.slice(-1).map(({ to }) => to)];
  const ranked = all.sort((a, b) => highest[b] - highest[a]);
  return [...new Set([...winners, ...ranked])].slice(0, MOST_SHOWN);
}

/** The layers whose gates switch along the path and, for each kept breakpoint, the layer whose gate switches there. */
function layersOf(path: Path, kept: readonly number[]) {
  const names = kept.map(v => path.units[v][0]?.layer);
  const layers = path.layers.filter(layer => names.includes(layer)).slice(0, NO_LAYER);
  const index = new Map(layers.map((layer, i) => [layer, i]));
  return { layers, layerOf: names.map(name => index.get(name ?? '') ?? NO_LAYER) };
}
