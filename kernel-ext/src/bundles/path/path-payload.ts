import type { Path } from '../../paths/path';
import { encodeArray, encodeIntegers } from '../../payload/array-codec';
import { decisionsOf } from './decisions';
import { evenly } from '../../payload/evenly';
import { SCHEMA_VERSION } from '../../payload/linearization';
import { quantized } from '../../payload/quantize';
import type { Decision, WayPayload } from '../../payload/path';

/** Breakpoints and outputs that a notebook keeps. A way between two digits passes 4,000 to 5,000 regions: 160 KB. */
const MOST_PLACES = 8192;
const MOST_SHOWN = 10;
const MOST_LAYERS = 255;
/** Of a place at which no gate is named. */
const NO_LAYER = 255;

/** A path as plain data. */
export async function wayPayload(way: Path, handle: string): Promise<WayPayload> {
  const decisions = way.decides ? decisionsOf(way) : [];
  const places = evenly(way.t.length, MOST_PLACES);
  const shown = shownOutputs(way, decisions);
  const values = Float32Array.from(places.flatMap(v => shown.map(c => way.outputs[v * way.classes + c])));
  const { layers, layerOf } = layersOf(way, places);
  const [from, to] = await Promise.all([0, 1].map(t => inputAt(way, t)));
  return {
    schemaVersion: SCHEMA_VERSION,
    labels: [...way.labels],
    decides: way.decides,
    regions: way.regions,
    from,
    to,
    t: encodeArray(
      Float32Array.from(places, v => way.t[v]),
      [places.length],
    ),
    shown,
    values: quantized(values, shown.length),
    layers,
    layerOf: encodeIntegers(layerOf, 'uint8', [places.length]),
    decisions,
    residual: way.residual,
    handle,
  };
}

async function inputAt(way: Path, t: number) {
  const x = way.input(t);
  const values = (await x.data()) as Float32Array;
  x.dispose();
  return encodeArray(values, x.shape.length === 0 ? [1] : x.shape);
}

/** Those that are the largest somewhere, in that order, then those that come highest. */
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

function layersOf(way: Path, places: readonly number[]) {
  const names = places.map(v => way.units[v][0]?.layer);
  const layers = way.layers.filter(layer => names.includes(layer)).slice(0, MOST_LAYERS);
  const index = new Map(layers.map((layer, i) => [layer, i]));
  return { layers, layerOf: names.map(name => index.get(name ?? '') ?? NO_LAYER) };
}
