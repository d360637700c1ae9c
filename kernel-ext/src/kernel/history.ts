import type { Json } from './wire';

interface Entry {
  line: number;
  input: string;
  /** text/plain of the result; null if the cell had none. */
  output: string | null;
}

/** Each kernel is one session of the history. */
const SESSION = 1;

/** How much text is kept, in characters; the oldest cells are dropped first. */
const MAX_CHARACTERS = 16 * 2 ** 20;

/** Inputs and results of this kernel's cells, for `history_request`. */
export class History {
  private readonly entries: Entry[] = [];
  private characters = 0;

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
    this.grow(input.length);
  }

  setOutput(line: number, output: string): void {
    const entry = this.entries.at(-1);
    if (entry?.line !== line) return;
    entry.output = output;
    this.grow(output.length);
  }

  private grow(characters: number): void {
    this.characters += characters;
    while (this.characters > MAX_CHARACTERS && this.entries.length > 1) {
      const { input, output } = this.entries.shift()!;
      this.characters -= input.length + (output?.length ?? 0);
    }
  }

  /** Answers the content of a history_request with [session, line, input] or [session, line, [input, output]]. */
  query(request: Json): unknown[] {
    return this.select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      request.output ? [input, output] : input,
    ]);
  }

  private select(request: Json): Entry[] {
    const last = typeof request.n === 'number' ? request.n : Infinity;
    switch (request.hist_access_type) {
      case 'range':
        return this.range(Number(request.session), Number(request.start), request.stop);
      case 'search':
        return tail(this.search(String(request.pattern), request.unique === true), last);
      default:
        return tail(this.entries, last);
    }
  }

  /** Session 0 is the current one, and negative ones are earlier, as in IPython. */
  private range(session: number, start: number, stop: unknown): Entry[] {
    if (session !== 0 && session !== SESSION) return [];
    const end = typeof stop === 'number' ? stop : Infinity;
    return this.entries.filter(({ line }) => line >= start && line < end);
  }

  private search(pattern: string, unique: boolean): Entry[] {
    const found = this.entries.filter(({ input }) => matches(input, pattern));
    return unique ? [...new Map(found.map(entry => [entry.input, entry])).values()] : found;
  }
}

/**
 * Whether the whole text matches a pattern in which `*` stands for any characters and `?` for one. A regular expression
 * would take exponential time for `*a*a*a*b`; this takes at most the product of both lengths, because only the last `*`
 * is ever tried again.
 */
function matches(text: string, pattern: string): boolean {
  const characters = [...text];
  const wanted = [...pattern];
  let at = 0;
  let next = 0;
  let star = -1;
  let from = 0;
  while (at < characters.length) {
    if (wanted[next] === '*') {
      star = next++;
      from = at;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === characters[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++from;
    } else return false;
  }
  return wanted.slice(next).every(character => character === '*');
}

function tail(entries: Entry[], count: number): Entry[] {
  return count >= entries.length ? entries : entries.slice(entries.length - count);
}
