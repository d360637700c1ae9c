import { paintSigned } from '../figures/color-scale';
import { symmetricLimit, decimalsFor, signed, type Channels, imageShape } from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { readPalette } from '../parts/theme';
import { askedNotice } from '../live/asked-notice';
import { button, element, signClass } from '../parts/element';
import { Plate } from '../image-tools/plate';
import type { DecompositionPart } from './decomposition-part';

/** What each channel of an inner activation adds to the logit: small images, the largest sums first. */
export class ChannelsView implements DecompositionPart {
  readonly node = element('section', 'pw-channels');
  private tiles: { plate: Plate; values: Float32Array }[] = [];
  private shown: Channels | null = null;

  constructor(private readonly model: DecompositionModel) {
    this.node.setAttribute('aria-label', 'Channels of a layer');
    this.node.hidden = true;
  }

  update(change: Change): void {
    const { answers, delay } = this.model;
    const { layer, channels } = answers;
    if (change === 'look' && this.shown) return this.redraw();
    if (change !== 'channels' && change !== 'delay') return;
    this.node.hidden = layer === null;
    if (channels.value && channels.value === this.shown) return;
    this.clear();
    if (layer === null) return this.node.replaceChildren();
    const missing = askedNotice(
      channels,
      `What the channels of ${layer} add`,
      () => answers.askChannels(),
      delay,
    );
    this.node.replaceChildren(this.head(layer), ...(channels.value ? this.body(channels.value) : missing));
    if (this.node.isConnected) this.redraw();
  }

  /** Draws in the current colors of the theme, all images on one scale, so that they can be compared. */
  redraw(): void {
    const palette = readPalette(this.node);
    const limit = Math.max(0, ...this.tiles.map(tile => symmetricLimit(tile.values)));
    const { sign, scale } = this.model.look;
    for (const { plate, values } of this.tiles)
      plate.paint(paintSigned(values, limit, palette, { sign, scale }));
  }

  dispose(): void {
    this.clear();
  }

  private clear(): void {
    this.tiles.forEach(({ plate }) => plate.dispose());
    this.tiles = [];
    this.shown = null;
  }

  private head(layer: string): HTMLElement {
    const { subject, ghost } = this.model;
    return element(
      'div',
      'pw-caption',
      element('strong', '', `Channels of ${layer}`),
      element('span', '', `what each adds to ${subject.name}${ghost ? ' at x′' : ''}`),
      button('close', () => this.model.answers.openLayer(null)),
    );
  }

  private body(channels: Channels): HTMLElement[] {
    this.shown = channels;
    const decimals = decimalsFor(Math.max(Math.abs(channels.linear), Math.abs(channels.bias)));
    const list = element('div', 'pw-tiles');
    list.setAttribute('role', 'list');
    const image = imageShape(channels.shape.slice(0, -1));
    const largest = symmetricLimit(channels.sums);
    list.append(
      ...channels.shown.map(({ channel, values }) => {
        const sum = channels.sums[channel];
        const picture = image ? this.tile(image, values, channel) : bar(sum, largest);
        return tile(picture, channel, signed(sum, decimals), sum);
      }),
    );
    list.classList.toggle('pw-mod-bars', image === null);
    return [sentence(channels, decimals), list];
  }

  private tile({ height, width }: { height: number; width: number }, values: Float32Array, channel: number) {
    const plate = new Plate(height, width);
    plate.canvas.setAttribute(
      'aria-label',
      `Contributions of channel ${channel}, ${height} by ${width} positions`,
    );
    this.tiles.push({ plate, values });
    return element('div', 'pw-frame', plate.canvas);
  }
}

/** The sum of the shown channels, of the rest, and b; together they make the logit. */
function sentence({ shape, sums, shown, linear, bias }: Channels, decimals: number): HTMLElement {
  const visible = shown.reduce((total, { channel }) => total + sums[channel], 0);
  const rest = sums.length - shown.length;
  const number = (value: number) => element('span', signClass(value), signed(value, decimals));
  return element(
    'div',
    'pw-channels-sum',
    `W·a over ${shape.join(' × ')}: `,
    number(visible),
    rest > 0 ? ` from these ${shown.length} channels, ` : ` from all ${shown.length} channels`,
    ...(rest > 0 ? [number(linear - visible), ` from ${rest} others`] : []),
    ', and b after this layer ',
    element('span', 'pw-number pw-bias', signed(bias, decimals)),
    ': together ',
    element('strong', 'pw-number', signed(linear + bias, decimals)),
    '.',
  );
}

function tile(picture: HTMLElement, channel: number, sum: string, value: number): HTMLElement {
  const caption = element('div', 'pw-tile-caption', String(channel), element('span', signClass(value), sum));
  const node = element('div', 'pw-tile', picture, caption);
  node.setAttribute('role', 'listitem');
  return node;
}

/** A channel without positions is a single number, drawn as a bar. */
function bar(sum: number, largest: number): HTMLElement {
  const share = largest === 0 ? 0 : (50 * Math.abs(sum)) / largest;
  const node = element('span', `pw-bar ${sum < 0 ? 'pw-bar-takes' : 'pw-bar-adds'}`);
  node.style.left = `${sum < 0 ? 50 - share : 50}%`;
  node.style.width = `${share}%`;
  const axis = element('span', 'pw-zero');
  axis.style.left = '50%';
  return element('div', 'pw-tile-bar', element('span', 'pw-track', node, axis));
}
