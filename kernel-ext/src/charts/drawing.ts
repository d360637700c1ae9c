import type { Panel } from './chart';

/** What a kind of chart makes of a table: a panel, and the parts of its caption. */
export interface Drawing extends Panel {
  /** How much data is shown: '150 rows'. */
  count: string;
  /** What was left out or computed. */
  notes: readonly string[];
}
