import type { EpochRecord } from './checkpoint';
import type { Settings } from './settings';

/** How an embedding was trained. */
export interface TrainingRecord {
  settings: Settings;
  /** Loss and trustworthiness, about 50 times over the training; trustworthiness is that of up to 1,000 points. */
  history: EpochRecord[];
}
