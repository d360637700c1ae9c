import { compact, decimalsFor, laneHeight, product, signed, timeTicks, type Signal } from 'piecewise/payload';
import { inputLanes, PLANE_WIDTH, signedLanes, type SignalLanes } from '../figures/signal-lanes';
import { element, indexed } from '../parts/element';
import { EVEN, stretched, svg } from '../parts/svg';
import { showAbsence } from './absence';
import type { Change, DecompositionModel } from './decomposition-model';
import type { DecompositionPart } from './decomposition-part';
import { contributionCaption, rowName } from './row-text';
import { SignalPanel } from './signal-panel';
import { SignalPointer } from './signal-pointer';

const MOST_TICKS = 8;

/** For signals: x, W and W∘x over time, one below the other, with one cursor; a row of each for every channel. */
export class SignalView implements DecompositionPart {
  readonly node = element('section', 'pw-signal');
  private readonly input: SignalPanel;
  private readonly weights: SignalPanel;
  private readonly contributions: SignalPanel;

  constructor(
    private readonly model: DecompositionModel,
    private readonly signal: Signal,
  ) {
    const pointer = new SignalPointer(model);
    const panel = () => {
      const made = new SignalPanel(signal);
      pointer.attach(made.frame);
      return made;
    };
    [this.input, this.weights, this.contributions] = [panel(), panel(), panel()];
    this.node.append(...this.panels.map(({ node }) => node), timeAxis(signal));
    this.drawInput();
  }

  update(change: Change): void {
    if (change === 'pointer') this.mark();
    else if (change === 'subject' || change === 'look') this.drawRow();
  }

  private get panels(): SignalPanel[] {
    return [this.input, this.weights, this.contributions];
  }

  private drawInput(): void {
    const lanes = inputLanes(this.model.decomposition.input.values, this.signal);
    this.input.title.textContent = 'x';
    this.input.caption.textContent =
      this.signal.channels === 1 ? 'input' : 'input, each channel in its own range';
    this.input.draw(picture(lanes, this.signal, 'The input x over time'));
    if (lanes.low !== null && lanes.high !== null)
      this.input.ends.textContent = `${compact(lanes.low)} … ${compact(lanes.high)}`;
  }

  private drawRow(): void {
    const { subject, input } = this.model;
    const name = rowName(subject);
    this.weights.title.replaceChildren(indexed('W', name));
    this.weights.caption.textContent = 'weight of each step';
    this.contributions.title.replaceChildren(indexed('W', name), '∘x');
    this.contributions.caption.textContent = contributionCaption(subject);
    this.drawSigned(this.weights, subject.weights, 'The weights W', true);
    const contributions = subject.weights && product(subject.weights, input);
    this.drawSigned(this.contributions, contributions, 'The contributions W∘x', false);
    showAbsence(this.model, this.node, [this.weights, this.contributions]);
    this.mark();
  }

  private drawSigned(panel: SignalPanel, all: Float32Array | null, what: string, withLine: boolean): void {
    panel.ends.textContent = '';
    if (all === null) return panel.draw();
    const { sign } = this.model.look;
    const shown =
      sign === 'all' ? all : all.map(v => (sign === 'positive' ? Math.max(0, v) : Math.min(0, v)));
    const lanes = signedLanes(shown, this.signal, withLine);
    const decimals = decimalsFor(lanes.high!);
    const ends = [signed(lanes.low!, decimals), signed(lanes.high!, decimals)];
    panel.ends.textContent = ends.join(' … ');
    const label = `${what} for ${this.model.subject.name} over time, from ${ends[0]} to ${ends[1]}`;
    panel.draw(picture(lanes, this.signal, label));
  }

  private mark(): void {
    const { cursor, brush, highlight, shape } = this.model;
    const at =
      cursor === null ? null : { row: Math.floor(cursor / shape.width), column: cursor % shape.width };
    this.panels.forEach(panel => panel.mark(at, brush, highlight));
  }
}

function picture(
  { zeros, line, adds, takes }: SignalLanes,
  { channels }: Signal,
  label: string,
): SVGSVGElement {
  const height = channels * laneHeight(channels);
  const bars = line === undefined ? '1' : '0.35';
  return stretched(
    PLANE_WIDTH,
    height,
    label,
    ...(adds ? [svg('path', { d: adds, class: 'pw-signal-adds', 'fill-opacity': bars })] : []),
    ...(takes ? [svg('path', { d: takes, class: 'pw-signal-takes', 'fill-opacity': bars })] : []),
    svg('path', { ...EVEN, d: zeros, class: 'pw-signal-zero' }),
    ...(line ? [svg('path', { ...EVEN, d: line, class: 'pw-signal-line' })] : []),
  );
}

/** Round numbers of steps or seconds below the last panel. */
function timeAxis(signal: Signal): HTMLElement {
  const labels = timeTicks(signal, MOST_TICKS).map(({ text, share }) => {
    const label = element('span', 'pw-signal-tick', text);
    label.style.left = `${(100 * share).toFixed(3)}%`;
    return label;
  });
  const unit = element('span', 'pw-signal-unit', signal.rate === null ? 'step' : 'seconds');
  return element('div', 'pw-signal-axis', unit, element('div', 'pw-signal-ticks', ...labels));
}
