import { compact, decimalsFor, signed, stretchName } from 'piecewise/payload';
import { inputAt, readings, strongest, type Reading } from './reading';
import { channelName } from './channel-name';
import type { Change, DecompositionModel } from './decomposition-model';
import { selectionText, type Selection } from '../figures/selection';
import { absenceOf } from './absence';
import { button, element, signClass } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';
import { waiting } from '../live/waiting';

/** Up to this many classes, one click fetches all rows; a thousand would not fit one table. */
const MOST_ROWS_AT_ONCE = 32;

/** The box below the images where every number can be read. */
export class ReadingView implements DecompositionPart {
  readonly node = element('section', 'pw-reading');
  private readonly hint = element('div', 'pw-hint');
  private readonly readAll = button('read all classes', () => void this.model.rows.request(this.unread()));

  constructor(private readonly model: DecompositionModel) {
    this.hint.append(hintOf(model), this.readAll);
    this.node.setAttribute('aria-live', 'polite');
    this.node.setAttribute('aria-label', 'Reading');
    this.update('subject');
  }

  update(change: Change): void {
    if (change === 'answer' || change === 'channels' || change === 'validity') return;
    const absence = absenceOf(this.model);
    this.readAll.hidden = this.unread().length === 0;
    const { delay } = this.model;
    const late = absence === 'loading' && delay ? [waiting(delay)] : [];
    const refused = absence === null || absence === 'loading' ? late : [this.refusal(absence)];
    this.node.replaceChildren(...refused, this.position(), this.table(), this.hint);
  }

  /** Which position the numbers belong to: the cursor, else the pixel that contributes most. */
  private position(): HTMLElement {
    const { input, subject, summed, whatIf, isImage, shape } = this.model;
    const { channels } = shape;
    const at = this.at();
    const position = element('div', 'pw-position');
    if (at !== null) {
      const x = inputAt(input, shape, at).map(compact);
      const named = x.map((value, k) => (channels === 3 ? `${channelName(k, channels)} ${value}` : value));
      position.append(
        `${this.model.cursor === null ? 'strongest ' : ''}${isImage ? 'pixel' : 'input'} `,
        element('strong', '', this.model.nameOf(at)),
        whatIf.input ? ' · x′ ' : ' · x ',
        element('strong', 'pw-number', named.slice(0, 4).join(', ')),
      );
    }
    if (summed) position.append(at === null ? '' : ' · ', ...this.selectionName(summed));
    if (subject.rounding > 0) position.append(` · w saved to ±${compact(subject.rounding)}`);
    return position;
  }

  private selectionName(selection: Selection): (Node | string)[] {
    const { isImage, brush } = this.model;
    if (isImage)
      return [brush ? 'selection ' : 'superpixel ', element('strong', '', selectionText(selection))];
    return ['selected ', element('strong', '', nameOfSelection(this.model, selection))];
  }

  private table(): HTMLElement {
    const columns = readings(this.model, this.at());
    const x = this.model.whatIf.input ? 'x′' : 'x';
    const table = element('table', 'pw-table');
    if (columns.length === 0) return table;
    const head = element('tr', '', element('td', ''));
    for (const { label, isSubject } of columns) {
      head.append(element('th', isSubject ? 'pw-mod-subject' : '', label));
    }
    table.append(head);
    if (this.at() !== null) {
      table.append(
        ...this.weightRows(columns),
        numberRow(`w·${x}`, columns, c => c.contribution),
      );
    }
    table.append(numberRow(this.sumName(x), columns, c => c.sum));
    return table;
  }

  private sumName(x: string): string {
    const { isImage, brush, summed } = this.model;
    if (!summed) return `Σ all of ${x}`;
    if (!isImage) return 'Σ selected';
    return brush ? 'Σ selection' : 'Σ superpixel';
  }

  private weightRows(columns: Reading[]): HTMLElement[] {
    const decimals = decimalsFor(Math.max(...columns.flatMap(c => c.weights.map(Math.abs))));
    const { channels } = this.model.shape;
    if (channels !== 3) return [numberRow('w', columns, c => sum(c.weights), decimals)];
    return [0, 1, 2].map(k =>
      numberRow(`w ${channelName(k, channels)}`, columns, c => c.weights[k] ?? null, decimals),
    );
  }

  /** The classes whose rows one click would fetch; none if there is no kernel to ask, or if there are too many. */
  private unread(): number[] {
    const { rows, decomposition } = this.model;
    const { output } = decomposition;
    if (!rows.isLive || output.length > MOST_ROWS_AT_ONCE) return [];
    return output.map((_, c) => c).filter(c => rows.status(c) !== 'ready');
  }

  private refusal({ sentence, canRetry }: { sentence: string; canRetry: boolean }): HTMLElement {
    const node = element('div', 'pw-refusal', sentence);
    if (canRetry)
      node.append(
        ' ',
        button('try again', () => this.model.fetchNeeded()),
      );
    return node;
  }

  private at(): number | null {
    const { cursor, subject, input } = this.model;
    return cursor ?? strongest(subject, input, this.model.shape.channels);
  }
}

function hintOf({ isImage, decomposition }: DecompositionModel): string {
  if (isImage) return 'Point at a pixel to read it; drag over an area for its exact sum. ';
  if (decomposition.signal)
    return 'Point at a step to read it; drag over a stretch of time for its exact sum. ';
  return 'Point at an input to read it; click inputs for their exact sum. ';
}

/** A stretch of a signal, or the names of selected inputs. */
function nameOfSelection(model: DecompositionModel, { top, bottom, left, right, pixels }: Selection): string {
  const { signal } = model.decomposition;
  if (!signal) return pixels!.map(at => model.nameOf(at)).join(', ');
  const { names, channels } = signal;
  const stretch = stretchName(left, right, signal);
  if (channels === 1) return stretch;
  return `${stretch} of ${top === bottom ? names[top] : `${names[top]} to ${names[bottom]}`}`;
}

/** @param decimals default: as many as the numbers of the row need */
function numberRow(
  name: string,
  columns: Reading[],
  read: (column: Reading) => number | null,
  decimals?: number,
): HTMLElement {
  const values = columns.map(read);
  const digits = decimals ?? decimalsFor(Math.max(...values.map(v => Math.abs(v ?? 0))));
  const row = element('tr', '', element('th', '', name));
  columns.forEach((column, i) => {
    const value = values[i];
    const text = value === null ? '·' : signed(value, digits);
    // What is shown as zero has no color.
    const shown = value === null || /^[0.]+$/.test(text) ? 0 : value;
    row.append(element('td', column.isSubject ? signClass(shown) : 'pw-number', text));
  });
  return row;
}

function sum(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, v) => total + v, 0);
}
