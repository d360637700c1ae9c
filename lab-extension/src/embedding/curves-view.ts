import { compact } from 'piecewise/payload';
import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import { NoAnswerError, CAUSES } from '../live/no-answer';
import { button, element } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';

const SVG = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT, EDGE] = [220, 56, 3];

/** Loss and trustworthiness by epoch; and buttons that pause and stop a running training. */
export class CurvesView implements EmbeddingPart {
  readonly node = element('details', 'pw-curves');
  private problem = '';

  constructor(private readonly model: EmbeddingModel) {}

  update(change: EmbeddingChange): void {
    if (change !== 'data') return;
    const { history, training } = this.model.embedding;
    this.node.hidden = history.length === 0 && !training;
    const isRunning = training?.state === 'running' || training?.state === 'paused';
    if (isRunning) this.node.open = true;
    const last = history.at(-1);
    const step = training?.stage === 'non-parametric' ? 'layout without the network, iteration' : 'epoch';
    const state = training
      ? `${step} ${training.epoch} of ${training.epochs}, ${training.state}`
      : `${last?.epoch ?? 0} epochs`;
    const summary = element('summary', '', element('strong', '', 'Training'), ` · ${state}`);
    const steps = isRunning ? [this.steering(training.state === 'paused')] : [];
    this.node.replaceChildren(summary, ...steps, ...(last ? this.curves() : []));
  }

  private curves(): HTMLElement[] {
    const { history } = this.model.embedding;
    const curve = (name: string, better: string, value: (i: number) => number) => {
      const values = history.map((_, i) => value(i));
      const last = values[values.length - 1];
      const text = `${name} ${compact(last)}`;
      return element(
        'figure',
        'pw-curve',
        element('figcaption', '', text, element('span', 'pw-quiet', ` ${better}`)),
        line(values, text),
      );
    };
    return [
      element(
        'div',
        'pw-curve-row',
        curve('loss', 'lower is better', i => history[i].loss),
        curve('trustworthiness', 'higher is better, at most 1', i => history[i].trustworthiness),
      ),
    ];
  }

  private steering(isPaused: boolean): HTMLElement {
    const wish = isPaused ? 'resume' : 'pause';
    const tools = [button(wish, () => void this.steer(wish)), button('stop', () => void this.steer('stop'))];
    return element('div', 'pw-hint', ...tools, this.problem);
  }

  private async steer(wish: 'pause' | 'resume' | 'stop'): Promise<void> {
    const { source, embedding } = this.model;
    try {
      if (!source) throw new NoAnswerError('no-kernel', '');
      const state = await source.steer(embedding.handle, wish);
      this.problem = '';
      if (embedding.training)
        this.model.replace({ ...this.model.embedding, training: { ...embedding.training, state } });
    } catch (error) {
      const cause = error instanceof NoAnswerError ? CAUSES[error.problem] : String(error);
      this.problem = `This did not reach the training: ${cause}.`;
      this.update('data');
    }
  }
}

/** A polyline from the first to the last value over its own range. */
function line(values: readonly number[], label: string): SVGElement {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i: number) => EDGE + (i * (WIDTH - 2 * EDGE)) / Math.max(1, values.length - 1);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) * (HEIGHT - 2 * EDGE)) / (high - low || 1);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${label}, starting at ${compact(values[0])}`);
  const path = document.createElementNS(SVG, 'polyline');
  path.setAttribute(
    'points',
    values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
  );
  svg.append(path);
  return svg;
}
