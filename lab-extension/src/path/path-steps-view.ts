import type { PathChange, PathModel } from './path-model';
import { button, element } from '../parts/element';

/** Steps of the slider from x to x′. */
const STEPS = 1000;

/** The slider along the path, buttons that step from region to region and to decisions, and the current position. */
export class PathStepsView {
  readonly node = element('div', 'pw-path-steps');
  private readonly slider = element('input', 'pw-path-slider');
  private readonly weights = button('W of this region', () =>
    this.model.showWeights(!this.model.showsWeights),
  );
  private readonly position = element('div', 'pw-position');

  constructor(private readonly model: PathModel) {
    const { slider, weights } = this;
    slider.type = 'range';
    slider.min = '0';
    slider.max = String(STEPS);
    slider.setAttribute('aria-label', 'From x to x′');
    // Arrow keys move the slider here; without this attribute, JupyterLab would move to the next cell.
    slider.dataset.lmSuppressShortcuts = 'true';
    slider.addEventListener('input', () => model.moveTo(Number(slider.value) / STEPS));
    weights.title = 'Ask the kernel for the linear map here, wherever the slider rests';
    const steps = [
      button('‹ region', () => model.step(-1)),
      button('region ›', () => model.step(1)),
      ...this.decisionSteps(),
    ];
    const ends = element('div', 'pw-path-ends', element('span', '', 'x'), element('span', '', 'x′'));
    const tools = element('div', 'pw-path-tools', ...steps, weights);
    this.node.append(element('div', 'pw-path-track', slider, ends), tools, this.position);
    this.update('piece');
  }

  update(change: PathChange): void {
    const { t, showsWeights } = this.model;
    if (change === 'piece') this.weights.setAttribute('aria-pressed', String(showsWeights));
    const sentence = this.sentence();
    if (Number(this.slider.value) !== Math.round(STEPS * t)) this.slider.value = String(STEPS * t);
    this.slider.setAttribute('aria-valuetext', sentence);
    this.position.textContent = sentence;
  }

  private decisionSteps(): HTMLElement[] {
    if (this.model.path.decisions.length === 0) return [];
    return [
      button('‹ decision', () => this.model.stepDecision(-1)),
      button('decision ›', () => this.model.stepDecision(1)),
    ];
  }

  private sentence(): string {
    const { t, stretch, decision, path } = this.model;
    const number = (n: number) => n.toLocaleString('en');
    // If there are more breakpoints than the payload keeps, a stretch spans several regions.
    const isWhole = path.t.length === path.regions + 1;
    const region = isWhole
      ? `region ${number(stretch + 1)} of ${number(path.regions)}`
      : `${number(path.regions)} regions`;
    const largest = decision === null ? '' : ` · largest: ${path.labels[decision]}`;
    return `t = ${t.toFixed(4)} · ${region}${largest}`;
  }
}
