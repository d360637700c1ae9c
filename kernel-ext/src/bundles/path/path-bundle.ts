import type { Path } from '../../paths/path';
import { chartSvg } from '../../charts/chart-svg';
import { wayHandle } from '../../answers/path-answer';
import { WAY_MIME } from '../../payload/linearization';
import type { Bundle } from '../../display/sink';
import { wayChart, wayText } from './path-chart';
import { wayPayload } from './path-payload';

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
