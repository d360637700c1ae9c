/** Runs in the page: three painters draw the same points and move them by one step per frame. */
import { CLASS_COLORS } from '../../../kernel-ext/src/payload';
import { packed, paintDensity, paintDots, type Splats } from '../../../lab-extension/src/figures/splat';
import createScatterplot from 'regl-scatterplot';

interface Drawn {
  /** Moves the points this many pixels to the right of where they started. */
  pan(pixels: number): void;
}

type Contender = (stage: HTMLElement, count: number) => Promise<Drawn>;

const [WIDTH, HEIGHT] = [700, 525];
const CLASSES = 10;
const hex = CLASS_COLORS.map(color => `#${color.map(c => c.toString(16).padStart(2, '0')).join('')}`);
/** Crowded from a quarter of a point per pixel, as in the explorer. */
const isCrowded = (count: number): boolean => count > 0.25 * WIDTH * HEIGHT;

/** Ten round clouds in [−1, 1]², always the same (mulberry32 and Box–Muller). */
function clouds(count: number): { across: Float32Array; up: Float32Array; of: Uint16Array } {
  let seed = 1;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const [across, up, of] = [new Float32Array(count), new Float32Array(count), new Uint16Array(count)];
  for (let i = 0; i < count; i++) {
    const c = i % CLASSES;
    const radius = 0.12 * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    across[i] = 0.6 * Math.cos((2 * Math.PI * c) / CLASSES) + radius * Math.cos(angle);
    up[i] = 0.6 * Math.sin((2 * Math.PI * c) / CLASSES) + radius * Math.sin(angle);
    of[i] = c;
  }
  return { across, up, of };
}

const piecewise: Contender = async (stage, count) => {
  const { across, up, of } = clouds(count);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  stage.append(canvas);
  const context = canvas.getContext('2d')!;
  const points: Splats = { across, up, slots: of, palette: CLASS_COLORS };
  const size = { width: WIDTH, height: HEIGHT };
  const radius = Math.max(0.7, Math.min(4, Math.sqrt((0.1 * WIDTH * HEIGHT) / (Math.PI * count))));
  const pan = (pixels: number) => {
    const image = new ImageData(WIDTH, HEIGHT);
    const words = new Uint32Array(image.data.buffer).fill(packed([255, 255, 255]));
    const view = { across: -pixels / 250, up: 0, scale: 250 };
    if (isCrowded(count)) paintDensity(words, size, view, points, [255, 255, 255]);
    else paintDots(words, size, view, points, radius);
    context.putImageData(image, 0, 0);
  };
  pan(0);
  return { pan };
};

const plotly: Contender = async (stage, count) => {
  const { across, up, of } = clouds(count);
  const traces = CLASS_COLORS.map((_, c) => {
    const members = [...of.keys()].filter(i => of[i] === c);
    return {
      type: 'scattergl',
      mode: 'markers',
      x: members.map(i => across[i]),
      y: members.map(i => up[i]),
      marker: { size: isCrowded(count) ? 1 : 2, color: hex[c] },
      hoverinfo: 'none',
    };
  });
  const range = (pixels: number) => [-1.4 - pixels / 250, 1.4 - pixels / 250];
  const layout = { width: WIDTH, height: HEIGHT, margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false };
  await window.Plotly.newPlot(stage, traces, {
    ...layout,
    xaxis: { range: range(0) },
    yaxis: { range: [-1.05, 1.05] },
  });
  return { pan: pixels => void window.Plotly.relayout(stage, { 'xaxis.range': range(pixels) }) };
};

const regl: Contender = async (stage, count) => {
  const { across, up, of } = clouds(count);
  const canvas = document.createElement('canvas');
  stage.append(canvas);
  const plot = createScatterplot({
    canvas,
    width: WIDTH,
    height: HEIGHT,
    pointSize: isCrowded(count) ? 1 : 2,
    pointColor: hex,
    colorBy: 'category',
    backgroundColor: '#ffffff',
  });
  await plot.draw({ x: across, y: up, z: of });
  const view = (pixels: number) =>
    Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, (2 * pixels) / HEIGHT, 0, 0, 1);
  return { pan: pixels => plot.view(view(pixels)) };
};

const contenders: Record<string, Contender> = { piecewise, plotly, regl };

/** @returns seconds to the first picture */
window.start = async (name, count) => {
  const begin = performance.now();
  window.drawn = await contenders[name](document.getElementById('stage')!, count);
  await frames(2);
  return (performance.now() - begin) / 1000;
};

/** Pans by one step per frame for a while, as far as a hand would. @returns frames per second */
window.panFor = async milliseconds => {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < milliseconds) {
    window.drawn.pan(80 * Math.sin(count / 10));
    await frames(1);
    count++;
  }
  return (1000 * count) / (performance.now() - begin);
};

async function frames(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise(done => requestAnimationFrame(done));
}

declare global {
  interface Window {
    Plotly: {
      newPlot(node: HTMLElement, data: object[], layout: object): Promise<void>;
      relayout(node: HTMLElement, change: object): Promise<void>;
    };
    start(name: string, count: number): Promise<number>;
    panFor(milliseconds: number): Promise<number>;
    drawn: Drawn;
  }
}
