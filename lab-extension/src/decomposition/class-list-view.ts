import { classBars, type ClassBar, type Extent } from '../figures/class-bars';
import { decimalsFor, listedClasses, MOST_LISTED, outputName, plain, signed } from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { button, element } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';

/** All classes as bars: negative and positive contributions, b in gray, and a tick at the output; the selected one in full color. */
export class ClassListView implements DecompositionPart {
  readonly node = element('section', 'pw-classes');
  private readonly list = element('div', 'pw-class-list');
  private readonly options = new Map<number, HTMLElement>();
  /** Classes whose W·x is drawn as one bar, since its parts are not known. */
  private readonly unsplit = new Set<number>();
  private most = MOST_LISTED;

  constructor(private readonly model: DecompositionModel) {
    const { output } = model.decomposition;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', 'Classes');
    this.list.tabIndex = 0;
    // Arrow keys choose a class here; without this attribute, JupyterLab would move to the next cell.
    this.list.dataset.lmSuppressShortcuts = 'true';
    this.list.addEventListener('keydown', event => this.onKey(event));
    this.node.append(
      element(
        'div',
        'pw-caption',
        element('strong', '', 'Classes'),
        element('span', '', `contributions − | + and b → ${outputName(model.decomposition)}`),
      ),
      this.list,
    );
    if (output.length > MOST_LISTED) this.node.append(this.moreButton(output.length));
    this.build();
  }

  update(change: Change): void {
    if (change !== 'subject') return;
    const { rows, selected } = this.model;
    const isNewlySplit = this.unsplit.has(selected) && rows.sums(selected) !== null;
    if (isNewlySplit || !this.options.has(selected)) this.build();
    this.mark();
  }

  private build(): void {
    const { decomposition: d, selected, rows } = this.model;
    const shown = listedClasses(d.output, selected, this.most);
    const { bars, zero } = classBars(d, c => rows.sums(c), shown);
    const decimals = decimalsFor(Math.max(...shown.map(c => Math.abs(d.output[c]))));
    this.options.clear();
    this.unsplit.clear();
    for (const bar of bars) {
      const option = classOption(bar, zero, decimals);
      option.addEventListener('click', () => this.choose(bar.index));
      option.title = describe(this.model, bar.index);
      this.options.set(bar.index, option);
      if (rows.sums(bar.index) === null) this.unsplit.add(bar.index);
    }
    this.list.replaceChildren(...this.options.values());
    this.mark();
  }

  private mark(): void {
    const { selected, rival, rows } = this.model;
    for (const [c, option] of this.options) {
      option.setAttribute('aria-selected', String(c === selected));
      option.classList.toggle('pw-mod-rival', c === rival);
      option.classList.toggle('pw-mod-loading', rows.status(c) === 'loading');
    }
    const active = this.options.get(selected)!;
    active.id ||= `pw-class-${++lastId}`;
    this.list.setAttribute('aria-activedescendant', active.id);
  }

  private choose(c: number): void {
    if (c === this.model.selected) this.model.fetchNeeded();
    else this.model.select(c);
  }

  private onKey(event: KeyboardEvent): void {
    const order = [...this.options.keys()];
    const at = order.indexOf(this.model.selected);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: order.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(order[Math.min(order.length - 1, Math.max(0, to))]);
    this.options.get(this.model.selected)?.scrollIntoView({ block: 'nearest' });
  }

  private moreButton(count: number): HTMLButtonElement {
    const more = button(`all ${count} classes`, () => {
      this.most = this.most === MOST_LISTED ? count : MOST_LISTED;
      more.textContent = this.most === count ? `the first ${MOST_LISTED}` : `all ${count} classes`;
      this.build();
    });
    return more;
  }
}

let lastId = 0;

function classOption(bar: ClassBar, zero: number, decimals: number): HTMLElement {
  const axis = element('span', 'pw-zero');
  axis.style.left = percent(zero);
  const tick = element('span', 'pw-tick');
  tick.style.left = percent(bar.tick);
  const track = element(
    'span',
    'pw-track',
    barPart('pw-bar-takes', bar.negative),
    barPart('pw-bar-adds', bar.positive),
    barPart('pw-bar-bias', bar.bias),
    axis,
    tick,
  );
  track.setAttribute('aria-hidden', 'true');
  const option = element(
    'div',
    'pw-class',
    element('span', 'pw-class-label', bar.label),
    track,
    element('span', 'pw-class-logit', plain(bar.logit, decimals)),
  );
  option.setAttribute('role', 'option');
  return option;
}

function describe({ decomposition: d, rows }: DecompositionModel, c: number): string {
  const sums = rows.sums(c);
  const fromX = sums
    ? `${signed(sums.negative)} and ${signed(sums.positive)} from x`
    : `${signed(d.linear[c])} from x`;
  return `${d.labels[c]}: ${fromX}, ${signed(d.bias[c])} from b, together ${plain(d.output[c])}`;
}

function barPart(className: string, [from, to]: Extent): HTMLElement {
  const node = element('span', `pw-bar ${className}`);
  node.style.left = percent(from);
  node.style.width = percent(to - from);
  return node;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}
