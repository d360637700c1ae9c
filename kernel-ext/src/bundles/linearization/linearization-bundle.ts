import { inPercent, withWorkBar } from '../../linear-map/work-bar';
import type { Linearization } from '../../linearization/linearization';
import { linearizationHtml } from './linearization-html';
import { linearizationPayload, type LinearizationView } from './linearization-payload';
import { shownInstances } from '../../display/handles';
import { LINEARIZATION_MIME, readDecomposition } from '../../payload';
import { platesOf } from './selected-row';
import { grid, toPng } from '../../page/png';
import type { Bundle } from '../../sink/sink';
import { linearizationText } from './linearization-text';

/** Side of each image in the PNG twin, and the gap between them, in pixels. */
const PNG_SIDE = 224;
const PNG_GAP = 12;

/**
 * A linearization in every form: the payload for the explorer, and its script-free twins for pages without one.
 * @throws as `linearizationPayload`; {MalformedPayloadError} if a number that is shown overflows.
 */
export async function linearizationBundle(lin: Linearization, view: LinearizationView = {}): Promise<Bundle> {
  const payload = await withWorkBar(inPercent('Plot'), {}, work =>
    linearizationPayload(lin, view, shown => shownInstances.handleOf(shown), work),
  );
  // The twins show what the explorer would read, so a payload that it could not read is refused here.
  const decomposition = readDecomposition(payload);
  const images = platesOf(decomposition)(PNG_SIDE).map(({ picture }) => picture);
  return {
    [LINEARIZATION_MIME]: payload,
    'text/html': linearizationHtml(decomposition),
    ...(images.length > 0 && { 'image/png': toPng(grid(images, images.length, PNG_GAP)).toString('base64') }),
    'text/plain': linearizationText(decomposition),
  };
}
