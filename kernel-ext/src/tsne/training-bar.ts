import { installedSink } from '../sink/current-sink';
import type { WorkBar } from '../sink/sink';
import type { TrainingProgress } from './settings';

const STAGES = {
  'non-parametric': { label: 'Non-parametric embedding', unit: 'iterations' },
  network: { label: 'Training the network', unit: 'epochs' },
} satisfies Record<TrainingProgress['stage'], object>;

/** Shows how far a training is that nobody else watches: one bar for each stage. */
export class TrainingBar {
  private bar: WorkBar | undefined;
  private stage: TrainingProgress['stage'] | undefined;

  constructor(private readonly isWatched: boolean) {}

  show({ stage, epoch, epochs }: TrainingProgress): void {
    if (this.isWatched) return;
    if (stage !== this.stage) {
      this.bar?.finish();
      this.bar = installedSink()?.workBar?.({ ...STAGES[stage], total: epochs });
      this.stage = stage;
    }
    this.bar?.set(epoch);
    if (epoch === epochs) this.bar?.finish();
  }

  end(): void {
    this.bar?.stop();
  }
}
