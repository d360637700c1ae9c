import { classBars, type ClassBar, type Extent } from '../figures/class-bars';
import { foundOutputs } from '../figures/found-outputs';
import {
  decimalsFor,
  grouped,
  listedClasses,
  MOST_LISTED,
  outputKind,
  outputName,
  plain,
  clippableNames,
  signed,
} from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { button, element } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';

/** A list longer than this is searched instead of shown as a whole. */
const MOST_AT_ONCE = 1000;

/** In characters; names that are cut still differ. */
const LONGEST_NAME = 14;

/**
 * All classes as bars: negative and positive contributions, b in gray, and a tick at the output; the selected one in full color.
 * While x is edited, the bars are those of x′, with those of x behind them, and the answer of the linear map stands beside that
 * of the network.
 */
export class ClassListView implements DecompositionPart {
  readonly node = element('section', 'pw-classes');
  private readonly list = element('div', 'pw-class-list');
  private readonly legend = element('span', '');
  private readonly options = new Map<number, HTMLElement>();
  /** Classes whose W·x is drawn as one bar, since its parts are not known. */
  private readonly unsplit = new Set<number>();
  private most = MOST_LISTED;
  /** What is searched for; '': nothing. */
  private wanted = '';

  constructor(private readonly model: DecompositionModel) {
    const { output } = model.decomposition;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', this.title);
    this.list.tabIndex = 0;
    // Arrow keys choose a class here; without this attribute, JupyterLab would move to the next cell.
    this.list.dataset.lmSuppressShortcuts = 'true';
    this.list.addEventListener('keydown', event => this.onKey(event));
    this.node.hidden = output.length === 1;
    this.node.append(element('div', 'pw-caption', element('strong', '', this.title), this.legend));
    if (output.length > MOST_LISTED) this.node.append(this.searchField(output.length));
    this.node.append(this.list);
    if (output.length > MOST_LISTED && output.length <= MOST_AT_ONCE)
      this.node.append(this.moreButton(output.length));
    this.build();
  }

  update(change: Change): void {
    if (change === 'numbers') return this.build();
    if (change !== 'subject') return;
    const { shown, selected } = this.model;
    const isNewlySplit = this.unsplit.has(selected) && shown.sums(selected) !== null;
    if (isNewlySplit || !this.options.has(selected)) this.build();
    this.mark();
  }

  private build(): void {
    const { decomposition: d, selected, shown, ghost } = this.model;
    const output = shown.output ?? d.output;
    const listed = this.wanted
      ? foundOutputs(d.labels, output, this.wanted, selected)
      : listedClasses(output, selected, this.most);
    const names = clippableNames(
      listed.map(c => d.labels[c]),
      LONGEST_NAME,
    );
    const { bars, zero } = classBars(d, shown, listed, ghost);
    const decimals = decimalsFor(Math.max(...bars.map(bar => Math.abs(bar.output ?? d.output[bar.index]))));
    this.legend.textContent = ghost
      ? 'by the map | by the network'
      : `contributions − | + and b → ${outputName(d)}`;
    this.list.classList.toggle('pw-mod-edited', ghost !== null);
    this.options.clear();
    this.unsplit.clear();
    for (const [i, bar] of bars.entries()) {
      const option = classOption({ ...bar, label: names[i] }, zero, decimals, ghost !== null);
      option.addEventListener('click', () => this.choose(bar.index));
      option.title = describe(this.model, bar.index);
      this.options.set(bar.index, option);
      if (shown.sums(bar.index) === null) this.unsplit.add(bar.index);
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

  private get title(): string {
    const { many } = outputKind(this.model.decomposition);
    return `${many[0].toUpperCase()}${many.slice(1)}`;
  }

  private searchField(count: number): HTMLInputElement {
    const field = element('input', 'pw-search');
    field.type = 'search';
    field.placeholder = `search ${grouped(count)} ${outputKind(this.model.decomposition).many}`;
    field.setAttribute('aria-label', field.placeholder);
    field.dataset.lmSuppressShortcuts = 'true';
    field.addEventListener('input', () => {
      this.wanted = field.value.trim();
      this.build();
    });
    return field;
  }

  private moreButton(count: number): HTMLButtonElement {
    const all = `all ${grouped(count)} ${outputKind(this.model.decomposition).many}`;
    const more = button(all, () => {
      this.most = this.most === MOST_LISTED ? count : MOST_LISTED;
      more.textContent = this.most === count ? `the first ${MOST_LISTED}` : all;
      this.build();
    });
    return more;
  }
}

let lastId = 0;

function classOption(bar: ClassBar, zero: number, decimals: number, isEdited: boolean): HTMLElement {
  const text = (value: number | null) => (value === null ? '…' : plain(value, decimals));
  const track = element(
    'span',
    'pw-track',
    ...(bar.ghost
      ? [barPart('pw-bar-ghost', bar.ghost.extent), mark('pw-tick pw-ghost', bar.ghost.tick)]
      : []),
    barPart('pw-bar-takes', bar.negative),
    barPart('pw-bar-adds', bar.positive),
    barPart('pw-bar-bias', bar.bias),
    mark('pw-zero', zero),
    ...(isEdited && bar.mark !== null ? [mark('pw-predicted-mark', bar.mark)] : []),
    ...(bar.tick === null ? [] : [mark('pw-tick', bar.tick)]),
  );
  track.setAttribute('aria-hidden', 'true');
  const option = element(
    'div',
    'pw-class',
    element('span', 'pw-class-label', bar.label),
    track,
    ...(isEdited ? [element('span', 'pw-class-predicted', text(bar.predicted))] : []),
    element('span', 'pw-class-logit', text(bar.output)),
  );
  option.setAttribute('role', 'option');
  return option;
}

function describe({ decomposition: d, shown, ghost }: DecompositionModel, c: number): string {
  const { name } = shown;
  const sums = shown.sums(c);
  const linear = shown.linear(c);
  const total = linear === null ? 'an unknown sum' : signed(linear);
  const parts = sums ? `${signed(sums.negative)} and ${signed(sums.positive)}` : total;
  const sum = linear === null ? '' : `, together ${plain(linear + d.bias[c])}`;
  const text = `${d.labels[c]}: ${parts} from ${name}, ${signed(d.bias[c])} from b${sum}`;
  if (!ghost) return text;
  const answer = shown.output ? `; the network gives ${plain(shown.output[c])} at x′` : '';
  return `${text}${answer}, and ${plain(d.output[c])} at x`;
}

function mark(className: string, at: number): HTMLElement {
  const node = element('span', className);
  node.style.left = percent(at);
  return node;
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
