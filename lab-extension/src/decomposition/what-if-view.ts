import { GLOSSARY, inputRange, decimalsFor, plain, signed, type WhatIfReply } from 'piecewise/payload';
import { blurred, emptied, isPen, moved, type Pen } from '../image-tools/edit';
import type { Change, DecompositionModel } from './decomposition-model';
import { shifted, type Selection } from '../figures/selection';
import { askedNotice } from '../live/asked-notice';
import { group } from '../parts/choice';
import { chip } from '../parts/chip';
import { button, element } from '../parts/element';
import { gaugeBar } from './gauge-bar';
import type { DecompositionPart } from './decomposition-part';
import { waiting } from '../live/waiting';

const PENS: [Pen, string, string][] = [
  ['paint', 'paint', 'Drag over an image to paint into x; press again to put the pen away'],
  ['erase', 'erase', 'Drag over an image to erase from x; press again to put the eraser away'],
];

const DIRECTIONS: [string, string, number, number][] = [
  ['←', 'left', 0, -1],
  ['↑', 'up', -1, 0],
  ['↓', 'down', 1, 0],
  ['→', 'right', 0, 1],
];

/** As many classes as the reading shows. */
const MOST_CLASSES = 10;

/** Change x and see what W and b of x predict for x′, what the network gives, and how far the linear map remains exact. */
export class WhatIfView implements DecompositionPart {
  readonly node = element('section', 'pw-what-if');
  private readonly pens: HTMLButtonElement[];
  private readonly selection: HTMLElement;
  private readonly back = button('back to x', () => this.model.whatIf.reset());
  private readonly exchange = button(
    'swap with…',
    () => this.take('swap'),
    'Swap the selection with another part of the image: click there, or go there with the arrow keys and press Enter',
  );
  private readonly status = element('div', 'pw-what-if-status');

  constructor(private readonly model: DecompositionModel) {
    this.pens = PENS.map(([pen, word, title]) => button(word, () => this.take(pen), title));
    this.selection = this.regionTools();
    const pens = group('Pens', ...this.pens);
    this.node.setAttribute('aria-label', 'What if');
    this.status.setAttribute('aria-live', 'polite');
    this.node.append(
      element('div', 'pw-what-if-tools', element('strong', '', 'What if'), pens, this.selection, this.back),
      this.status,
    );
    this.update('input');
  }

  update(change: Change): void {
    const { look, brush, whatIf } = this.model;
    PENS.forEach(([pen], i) => this.pens[i].setAttribute('aria-pressed', String(pen === look.tool)));
    this.exchange.setAttribute('aria-pressed', String(look.tool === 'swap'));
    this.selection.hidden = brush === null;
    this.back.hidden = whatIf.input === null;
    // While the hand moves, the numbers of an earlier x′ stay until there are newer ones.
    const isNew = change === 'input' && !(whatIf.input && whatIf.result);
    if (isNew || change === 'answer' || change === 'subject' || change === 'delay')
      this.status.replaceChildren(...this.sentences());
  }

  /** A pen needs no brush, which would only be in the way. */
  private take(wanted: Pen | 'swap'): void {
    const tool = this.model.look.tool === wanted ? 'box' : wanted;
    this.model.change({ tool });
    if (isPen(tool)) this.model.brushOver(null);
  }

  private regionTools(): HTMLElement {
    const { model } = this;
    const { shape } = model;
    const range = () => inputRange(model.decomposition.input.values);
    const change = (edit: (x: Float32Array, selection: Selection) => Float32Array) => {
      if (model.brush) model.whatIf.edit(edit(model.input, model.brush));
    };
    const moves = DIRECTIONS.map(([arrow, direction, rows, columns]) => {
      const node = button(arrow, () => {
        change((x, selection) => moved(x, shape, selection, rows, columns, range()));
        this.follow(rows, columns);
      });
      node.setAttribute('aria-label', `move the selection ${direction}`);
      return node;
    });
    return element(
      'div',
      'pw-group',
      element('span', 'pw-term', 'selection:'),
      button('empty', () => change((x, selection) => emptied(x, shape, selection, range()))),
      button('blur', () => change((x, selection) => blurred(x, shape, selection))),
      ...moves,
      this.exchange,
    );
  }

  /** The brush stays on what it has moved, as long as all of that is on the image. */
  private follow(rows: number, columns: number): void {
    const { brush } = this.model;
    if (!brush) return;
    const next = shifted(brush, rows, columns, this.model.shape);
    if (next) this.model.brushOver(next);
  }

  private sentences(): (Node | string)[] {
    const { whatIf, decomposition } = this.model;
    if (!whatIf.input) {
      const hint =
        'Paint into x, or select an area and change it: the linear map of x and the network answer side by side.';
      return [element('div', 'pw-hint', hint)];
    }
    if (whatIf.problem) {
      const sentence = `F(x′) needs the kernel that made this output: ${whatIf.problem.message}`;
      return [element('div', 'pw-refusal', sentence)];
    }
    if (!whatIf.result) return [waiting(this.model.delay)];
    return [
      strength(whatIf.result, decomposition.exact),
      element('div', '', movement(this.model)),
      ...this.reach(),
      this.table(whatIf.result),
    ];
  }

  /** Where on the path to x′ the linear map stops being exact, once the hand rests. */
  private reach(): HTMLElement[] {
    const { answers, decomposition } = this.model;
    if (!decomposition.exact) return [];
    const { gauge } = answers;
    const { value, problem } = gauge.reach;
    return problem
      ? askedNotice(gauge.reach, 'How far the linear map remains exact', () => gauge.fetch())
      : [gaugeBar(value)];
  }

  private table({ output, predicted }: WhatIfReply): HTMLElement {
    const { decomposition: d, selected } = this.model;
    const rest = d.output.map((_, c) => c).filter(c => c !== selected);
    const order = [selected, ...rest.sort((i, j) => d.output[j] - d.output[i])].slice(0, MOST_CLASSES);
    const decimals = decimalsFor(
      Math.max(...order.flatMap(c => [d.output[c], output[c], predicted[c]].map(Math.abs))),
    );
    const row = (name: string, value: (c: number) => string) =>
      element('tr', '', element('th', '', name), ...order.map(c => element('td', 'pw-number', value(c))));
    return element(
      'table',
      'pw-table',
      element(
        'tr',
        '',
        element('td', ''),
        ...order.map(c => element('th', c === selected ? 'pw-mod-subject' : '', d.labels[c])),
      ),
      row('F(x)', c => plain(d.output[c], decimals)),
      row('W·x′ + b', c => plain(predicted[c], decimals)),
      row('F(x′)', c => plain(output[c], decimals)),
      row('W·x′ + b is off by', c => signed(predicted[c] - output[c], decimals)),
    );
  }
}

/** Whether x′ still lies in the region of x, on which the linear map is exact; under a policy there is no region. */
function strength({ switched, units }: WhatIfReply, isExact: boolean): HTMLElement {
  const inside = isExact && switched === 0;
  const count = (n: number) => n.toLocaleString('en');
  const of = `of ${count(units)} units`;
  const moved = `${switched === 0 ? 'none' : count(switched)} ${of} switched`;
  const sentence = inside
    ? `${moved}: W and b are exact at x′, too.`
    : isExact
      ? `${moved}: W and b of x are not those of x′.`
      : `W and b are exact at x only; ${moved}.`;
  const where = chip(
    isExact ? `${inside ? 'inside' : 'outside'} the region` : 'exact at x only',
    GLOSSARY.region,
  );
  where.classList.add(inside ? 'pw-mod-sound' : 'pw-mod-outside');
  return element('div', 'pw-what-if-strength', where, ` ${sentence}`);
}

/** How much the answer moved, by the network and by the linear map of x. */
function movement(model: DecompositionModel): string {
  const { subject, ghost } = model;
  const { name, output, linear, bias } = subject;
  const old = ghost && model.subjectAt(ghost).output;
  if (output === null || old === null || linear === null) return '';
  const decimals = decimalsFor(Math.max(Math.abs(output), Math.abs(old)));
  const by = (value: number) => signed(value - old, decimals);
  return (
    `${name} moves by ${by(output)}, from ${plain(old, decimals)} to ${plain(output, decimals)}; ` +
    `the linear map of x predicts ${by(linear + bias)}.`
  );
}
