import type { Embedding } from '../../tsne';
import { type EmbeddingPayload, EMBEDDING_MIME } from '../../payload';
import { embeddingHtml } from './embedding-html';
import { embeddingPayload, type EmbeddingView } from './embedding-payload';
import { embeddingText } from './embedding-text';
import { shownEmbeddings } from '../../display/handles';
import { scatterPoints } from './embedding-facts';
import { toPng } from '../../page/png';
import { paintScatter } from './scatter';
import { nameAll } from '../../display/selection';
import type { Bundle } from '../../sink/sink';

/** Side of the picture in pixels. */
const PNG_SIDE = 560;

/**
 * An embedding in every form: the payload for the explorer, and its script-free twins for pages without one.
 * @throws as `embeddingPayload`
 */
export async function embeddingBundle(embedding: Embedding, view: EmbeddingView = {}): Promise<Bundle> {
  const payload = await embeddingPayload(embedding, view, shownEmbeddings.handleOf(embedding));
  if (view.names) nameAll(embedding, view.names);
  return bundleOfMap(payload);
}

/** A payload with its twins. */
export function bundleOfMap(payload: EmbeddingPayload): Bundle {
  return {
    [EMBEDDING_MIME]: payload,
    'text/html': embeddingHtml(payload),
    'image/png': toPng(paintScatter(scatterPoints(payload), PNG_SIDE)).toString('base64'),
    'text/plain': embeddingText(payload),
  };
}
