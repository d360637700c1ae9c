import { PLOTLY_MIME } from './chart-bundle';
import type { PlotlyFigure } from './chart-figure';
import { chartSvg } from './chart-svg';
import { chartText } from './chart-text';
import { figureChart } from './figure-chart';
import type { Bundle } from '../sink/sink';

export function isPlotlyFigure(thing: object): thing is PlotlyFigure {
  const { data } = thing as Partial<PlotlyFigure>;
  return (
    Array.isArray(data) &&
    data.every(trace => typeof trace === 'object' && trace !== null && !Array.isArray(trace))
  );
}

/** A figure as it is. If all its traces can be drawn without plotly, it comes with a picture and with its numbers as text. */
export function figureBundle(figure: PlotlyFigure): Bundle {
  const chart = figureChart(figure);
  return {
    [PLOTLY_MIME]: { data: figure.data, layout: figure.layout ?? {} },
    ...(chart && { 'image/svg+xml': chartSvg(chart) }),
    'text/plain': chart ? chartText(chart) : figureText(figure),
  };
}

function figureText({ data }: PlotlyFigure): string {
  const types = data.map(trace => ('type' in trace ? String(trace.type) : 'scatter'));
  return `plotly figure of ${types.length} trace${types.length === 1 ? '' : 's'}: ${types.join(', ')}`;
}
