import type { Pooling, Scale } from 'piecewise/payload';
import type { Tool } from '../image-tools/edit';
import type { Change, DecompositionModel } from './decomposition-model';
import { group, menu } from '../parts/choice';
import { button, element } from '../parts/element';
import { ZOOM_STEP } from './plate-pointer';
import { channelName } from './channel-name';
import type { DecompositionPart } from './decomposition-part';

const TOOLS: [Tool, string, string][] = [
  ['box', 'box', 'Drag over an image for the exact sum of a box'],
  [
    'lasso',
    'lasso',
    'Drag around a shape for the exact sum of its pixels. On the keyboard, the space bar adds a pixel',
  ],
  ['move', 'move', 'Drag to see another part of the image'],
];

const POOLINGS: [Pooling, string][] = [
  ['pixels', 'pixel by pixel'],
  ['2', 'squares of 2 × 2'],
  ['4', 'squares of 4 × 4'],
  ['8', 'squares of 8 × 8'],
  ['superpixels', 'superpixels'],
];

const SCALES: [Scale, string][] = [
  ['linear', 'linear colors'],
  ['root', 'faint things too'],
];

/** How the images are viewed: what dragging does, zoom, superpixels, colors, and how strongly the input shows behind them. */
export class ImageToolsView implements DecompositionPart {
  readonly node = element('div', 'pw-image-tools');
  private readonly tools: HTMLButtonElement[];
  private readonly near: HTMLButtonElement;
  private readonly far: HTMLButtonElement;
  private readonly pooling: HTMLSelectElement;
  private readonly scale: HTMLSelectElement;
  private readonly channel: HTMLSelectElement;
  private readonly magnitude: HTMLButtonElement;
  private readonly slider = element('input', 'pw-slider');

  constructor(private readonly model: DecompositionModel) {
    this.tools = TOOLS.map(([tool, word, title]) => button(word, () => model.change({ tool }), title));
    this.near = button('nearer', () => model.zoom(ZOOM_STEP), 'Zoom in (plus, or Ctrl with the wheel)');
    this.far = button('farther', () => model.zoom(1 / ZOOM_STEP), 'Zoom out (minus, or Ctrl with the wheel)');
    this.pooling = menu(
      'Superpixels',
      'Sum the contributions over groups of pixels; the sums stay exact',
      POOLINGS,
      pooling => model.change({ pooling }),
    );
    this.scale = menu('Color scale', 'How color grows with the number', SCALES, scale =>
      model.change({ scale }),
    );
    this.channel = channelMenu(model);
    this.magnitude = button(
      'magnitude',
      () => model.change({ magnitude: !model.look.magnitude }),
      'Show how large W and W∘x are, without their signs',
    );
    this.slider.type = 'range';
    this.slider.max = '100';
    this.slider.addEventListener('input', () => model.change({ backdrop: Number(this.slider.value) / 100 }));
    this.node.append(
      group('What dragging over the images does', ...this.tools),
      group('Zoom', this.near, this.far),
      this.pooling,
      this.scale,
      this.channel,
      this.magnitude,
      element('label', 'pw-slider-label', 'x behind W∘x', this.slider),
    );
    this.update('look');
  }

  update(change: Change): void {
    if (change !== 'look' && change !== 'pointer') return;
    const { look, isZoomed } = this.model;
    TOOLS.forEach(([tool], i) => {
      this.tools[i].setAttribute('aria-pressed', String(tool === look.tool));
      this.tools[i].hidden = tool === 'move' && !isZoomed;
    });
    this.far.disabled = !isZoomed;
    this.pooling.value = look.pooling;
    this.scale.value = look.scale;
    this.channel.value = String(look.channel ?? '');
    this.magnitude.setAttribute('aria-pressed', String(look.magnitude));
    this.slider.value = String(Math.round(100 * look.backdrop));
  }
}

/** More channels than this are seen better in the view of all channels of a layer. */
const MOST_CHANNELS = 64;

/** Chooses the channel of W and W∘x that is shown. */
function channelMenu(model: DecompositionModel): HTMLSelectElement {
  const { channels } = model.shape;
  const names = Array.from({ length: Math.min(channels, MOST_CHANNELS) }, (_, c) => channelName(c, channels));
  const node = menu(
    'Channel of W and W∘x',
    'Show W and W∘x for one channel; the images of all channels add up to the summed image',
    [['', 'channels summed'], ...names.map((name, c) => [String(c), name] as const)],
    value => model.change({ channel: value === '' ? null : Number(value) }),
  );
  node.hidden = channels === 1 || channels > MOST_CHANNELS;
  return node;
}
