import type { Path } from '../paths/path';
import { chartSvg } from './charts/chart-svg';
import { wayHandle } from './live-way';
import { WAY_MIME } from './payload';
import type { Bundle } from './sink';
import { wayChart, wayText } from './way-chart';
import { wayPayload } from './way-payload';

/** How a path is shown. */
export interface WayView {
  /** Default: 'From x to x′'. */
  title?: string;
}

/** A path in every form: the payload for its view, and a picture and text for pages without one. */
export async function wayBundle(way: Path, { title = 'From x to x′' }: WayView = {}): Promise<Bundle> {
  const payload = await wayPayload(way, wayHandle(way));
  return {
    [WAY_MIME]: payload,
    'image/svg+xml': chartSvg(wayChart(payload, title)),
    'text/plain': wayText(payload, title),
  };
}
