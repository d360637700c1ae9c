import type { EmbeddingChange, EmbeddingModel, Tool } from './embedding-model';
import { group } from '../parts/choice';
import { button, element } from '../parts/element';
import { chip } from '../parts/chip';
import type { EmbeddingCanvasView } from './embedding-canvas-view';
import type { EmbeddingPart } from './embedding-part';

const TOOLS: [Tool, string, string][] = [
  ['pick', 'pick', 'Click a point to see why it is there; drag to move the view'],
  ['lasso', 'lasso', 'Draw around points to select them'],
  ['box', 'box', 'Drag a box over points to select them'],
];
const ZOOM = 1.6;

/** What the embedding is and how good; tools, colors, zoom and search. */
export class EmbeddingHeadlineView implements EmbeddingPart {
  readonly node = element('div', 'pw-headline');
  /** Buttons and menus; a view may add its own. */
  readonly tools = element('div', 'pw-tools');
  private readonly facts = element('div', 'pw-chips');
  private readonly pointers: HTMLButtonElement[];
  private readonly density: HTMLButtonElement;
  private readonly colors = element('select', 'pw-button');
  private readonly subject = element('span', 'pw-subject');
  private readonly search = element('input', 'pw-button pw-search');
  private readonly found = element('span', 'pw-quiet');

  constructor(
    private readonly model: EmbeddingModel,
    private readonly canvas: EmbeddingCanvasView,
  ) {
    this.pointers = TOOLS.map(([tool, word, title]) => button(word, () => model.use(tool), title));
    this.density = button(
      'density',
      () => model.showDensity(!canvas.isDensity),
      'How many points fall on each pixel, instead of dots that cover each other',
    );
    const zoom = [
      button('+', () => canvas.zoom(ZOOM), 'Nearer (Ctrl and the wheel, or the key +)'),
      button('−', () => canvas.zoom(1 / ZOOM), 'Farther (Ctrl and the wheel, or the key −)'),
      button('all', () => canvas.fit(), 'Show all points (key 0)'),
    ];
    this.colors.setAttribute('aria-label', 'Color of the points');
    this.colors.addEventListener('change', () => this.recolor());
    this.prepareSearch();
    this.tools.append(
      group('Tool', ...this.pointers),
      group('Zoom', ...zoom),
      this.density,
      this.colors,
      this.search,
      this.found,
    );
    this.node.append(element('div', 'pw-formula', this.subject), this.facts, this.tools);
  }

  update(change: EmbeddingChange): void {
    const { model } = this;
    if (change === 'data') {
      this.subject.textContent = model.embedding.title;
      this.facts.replaceChildren(...this.chips());
      this.fillColors();
    }
    if (change !== 'data' && change !== 'look') return;
    TOOLS.forEach(([tool], i) => this.pointers[i].setAttribute('aria-pressed', String(tool === model.tool)));
    this.density.setAttribute('aria-pressed', String(this.canvas.isDensity));
  }

  redraw(): void {
    this.update('look');
  }

  private chips(): HTMLElement[] {
    const { total, count, inputShape, axes, measures } = this.model.embedding;
    const shown = count < total ? `, ${count.toLocaleString('en-US')} shown` : '';
    const chips = [
      chip(
        `${total.toLocaleString('en-US')} points${shown}`,
        'Coordinates are rounded to 1/65,534 of their range',
      ),
      chip(`${inputShape.join(' × ')} → ${axes.length}`, 'From the data to the embedding'),
    ];
    if (!measures) return chips;
    const sample = `Measured on ${measures.sample.toLocaleString('en-US')} points`;
    const { k, trustworthiness, continuity, knnError1 } = measures;
    chips.push(
      chip(
        `trustworthiness ${trustworthiness.toFixed(3)}`,
        `T(${k}), at most 1: neighbors in the embedding are neighbors in the data. Continuity ${continuity.toFixed(3)}. ${sample}.`,
      ),
    );
    if (knnError1 !== null)
      chips.push(
        chip(
          `1-NN error ${(100 * knnError1).toFixed(1)} %`,
          `Points whose nearest neighbor in the embedding has another class. ${sample}.`,
        ),
      );
    return chips;
  }

  private fillColors(): void {
    const { embedding, column } = this.model;
    const options = [
      embedding.classes ? 'color: class' : 'one color',
      ...embedding.columns.map(({ name }) => `color: ${name}`),
    ];
    this.colors.replaceChildren(
      ...options.map((text, i) => {
        const option = element('option', '', text);
        option.value = String(i - 1);
        return option;
      }),
    );
    this.colors.value = String(embedding.columns.findIndex(({ name }) => name === column?.name));
    this.colors.hidden = options.length === 1;
  }

  private recolor(): void {
    this.model.colorBy(this.model.embedding.columns[Number(this.colors.value)] ?? null);
  }

  private prepareSearch(): void {
    this.search.type = 'search';
    this.search.placeholder = 'search';
    this.search.setAttribute('aria-label', 'Find a point by its number or name, or a class');
    this.search.addEventListener('keydown', event => {
      event.stopPropagation();
      if (event.key === 'Enter') this.find(this.search.value.trim());
    });
  }

  /** Picks a single hit, and selects several. A number is the index of a point in the data. */
  private find(text: string): void {
    const { model } = this;
    const position = /^\d+$/.test(text) && !model.embedding.names ? model.positionOf(Number(text)) : null;
    const hits = position !== null ? [position] : text === '' ? [] : matching(model, text.toLowerCase());
    this.found.textContent = text === '' ? '' : hits.length === 0 ? 'nothing found' : `${hits.length} found`;
    if (hits.length === 1) model.pick(hits[0]);
    else if (hits.length > 1) model.select(hits);
  }
}

function matching(model: EmbeddingModel, text: string): number[] {
  const all = [...Array(model.embedding.count).keys()];
  return all.filter(i => {
    const [name, own] = [model.labelOf(i), model.classOf(i) ?? ''];
    return (
      name.toLowerCase().includes(text) || own.toLowerCase() === text || String(model.pointOf(i)) === text
    );
  });
}
