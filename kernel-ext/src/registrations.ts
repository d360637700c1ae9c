import { WatchedTraining } from './bundles/embedding/watched-training';
import { showDownloadsWith } from './data/download-bar';
import { currentSink } from './display/current-sink';
import { DISPLAY } from './display/sink';
import { showWorkWith } from './linear-map/work-bar';
import { SHOWN_CLASSES } from './plot/shown-classes';
import { ProgressBar } from './progress/progress-bar';
import { watchTrainingsWith } from './tsne';

/**
 * Connects the rooms that compute with those that display, to their right: what shows itself at the end of a cell, and what shows
 * downloads, long work and trainings. Called once, when `piecewise` is loaded.
 */
export function register(): void {
  for (const { prototype, bundleOf } of SHOWN_CLASSES)
    Object.defineProperty(prototype, DISPLAY, {
      value(this: object) {
        return bundleOf(this, {});
      },
    });
  showDownloadsWith(options => new ProgressBar(options));
  // A script decides for itself what it prints.
  showWorkWith(facts => (currentSink().replaces ? new ProgressBar({ ...facts, patience: 1 }) : null));
  watchTrainingsWith(facts => new WatchedTraining(facts));
}
