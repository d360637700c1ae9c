import type { Path } from '../../paths/path';
import { chartSvg } from '../../charts/chart-svg';
import { shownPaths } from '../../display/handles';
import { PATH_MIME } from '../../payload';
import type { Bundle } from '../../sink/sink';
import { pathChart, pathText } from './path-chart';
import { pathPayload } from './path-payload';

/** How a path is shown. */
export interface PathView {
  /** Default: 'From x to x′'. */
  title?: string;
}

/** A path in every form: the payload for its view, and a picture and text for pages without one. */
export async function pathBundle(path: Path, { title = 'From x to x′' }: PathView = {}): Promise<Bundle> {
  const payload = await pathPayload(path, shownPaths.handleOf(path));
  return {
    [PATH_MIME]: payload,
    'image/svg+xml': chartSvg(pathChart(payload, title)),
    'text/plain': pathText(payload, title),
  };
}
