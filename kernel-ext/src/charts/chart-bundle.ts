import type { Bundle } from '../sink/sink';
import type { Chart } from './chart';
import { chartFigure } from './chart-figure';
import { chartSvg } from './chart-svg';
import { chartText } from './chart-text';

export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

/** A chart in every form: a plotly figure, and its twins for pages without scripts, a picture and text. */
export function chartBundle(chart: Chart): Bundle {
  return {
    [PLOTLY_MIME]: chartFigure(chart),
    'image/svg+xml': chartSvg(chart),
    'text/plain': chartText(chart),
  };
}
