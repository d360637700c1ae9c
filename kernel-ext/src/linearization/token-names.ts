import { NameCountError, OptionError, TokensError } from '../errors';
import { LIST } from '../errors/check-options';

/** Texts of tokens: one for each token of an instance, or such a list for each instance of a batch. */
export type Tokens = readonly string[] | readonly (readonly string[])[];

const WANTED =
  "one text for each token, such as ['[CLS]', 'good', '[SEP]'], or such a list for each instance of a batch";

/**
 * The number of tokens, each of which is one vector.
 * @param shape of one instance of what W acts on.
 * @throws TokensError if it is not an embedding, [tokens, numbers]
 */
export function tokenCount(command: string, from: string, shape: readonly number[]): number {
  if (shape.length !== 2) throw new TokensError(command, from, shape);
  return shape[0];
}

/**
 * The texts of the tokens, a list for each instance.
 * @param count T, the number of tokens of an instance.
 * @param batch N; null for one instance.
 * @throws OptionError, NameCountError
 */
export function tokenNames(given: Tokens, count: number, batch: number | null): string[][] {
  if (!LIST.fits(given)) throw new OptionError('linearize', 'tokens', given, WANTED);
  const lists: readonly unknown[] = batch === null ? [given] : given;
  if (batch !== null && lists.length !== batch)
    throw new NameCountError('linearize', 'lists of tokens', lists.length, 'instances', batch);
  return lists.map(list => {
    if (!Array.isArray(list) || !list.every(token => ['string', 'number'].includes(typeof token)))
      throw new OptionError('linearize', 'tokens', list, WANTED);
    if (list.length !== count)
      throw new NameCountError('linearize', 'tokens', list.length, 'token ids', count);
    return list.map(String);
  });
}
