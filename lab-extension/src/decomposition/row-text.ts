import type { Subject } from '../figures/subject';

/** The name of a row as an index of W; a difference of two stands in parentheses. */
export const rowName = ({ name, rival }: Subject): string => (rival === null ? name : `(${name})`);

/** What stands beside W∘x. */
export const contributionCaption = ({ name, rival }: Subject): string =>
  rival === null ? `contribution to ${name}` : `for ${name.replace('−', 'against')}`;
