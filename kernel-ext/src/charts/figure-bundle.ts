import { PlotValueError } from '../display/errors';
import { jsonValue } from '../display/plain-value';
import { isTensor } from '../display/tensor-values';
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

/**
 * A figure as JSON, its typed arrays and tensors as arrays. If all its traces can be drawn without plotly, it comes with a
 * picture and with its numbers as text.
 * @throws {PlotValueError} if it contains what JSON cannot hold
 */
export function figureBundle(given: PlotlyFigure): Bundle {
  const odd = given.data.findIndex(trace => isTensor(trace) || ArrayBuffer.isView(trace));
  if (odd >= 0)
    throw new PlotValueError(`data[${odd}]`, 'numbers alone', 'Give a trace such as { y: numbers } there.');
  const { data, layout = {}, config, frames } = given;
  const figure = jsonValue({ data, layout, config, frames }, '') as PlotlyFigure;
  const chart = figureChart(figure);
  return {
    [PLOTLY_MIME]: figure,
    ...(chart && { 'image/svg+xml': chartSvg(chart) }),
    'text/plain': chart ? chartText(chart) : figureText(figure),
  };
}

function figureText({ data }: PlotlyFigure): string {
  const types = data.map(trace => ('type' in trace ? String(trace.type) : 'scatter'));
  return `plotly figure of ${types.length} trace${types.length === 1 ? '' : 's'}: ${types.join(', ')}`;
}
