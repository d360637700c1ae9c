import type { Panel } from './chart';

/** What a kind of chart makes of a table: a panel, and what its caption has to say. */
export interface Drawing extends Panel {
  /** How much is shown: '150 rows'. */
  count: string;
  /** What was left out or computed. */
  notes: readonly string[];
}
