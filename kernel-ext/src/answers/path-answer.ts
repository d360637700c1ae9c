import type { Path } from '../paths/path';
import { float32Bytes } from '../payload/array-codec';
import type { Answer } from './answer';
import type { WayRequest } from '../payload/linearization';
import { ShownThings } from './shown-things';

const shown = new ShownThings<Path>(16);
/** Units that are named of those that switch at once. */
const MOST_UNITS = 8;

/** The name under which `answerWay` finds the path. */
export const wayHandle = (way: Path): string => shown.handleOf(way);

export const isWayRequest = (request: { op?: unknown } | null | undefined): request is WayRequest =>
  request?.op === 'segment';

/** As `answer`, for views of paths. */
export async function answerWay(request: WayRequest, id: number): Promise<Answer> {
  const way = shown.find(request.handle);
  if (!way)
    return refusal(id, 'gone', 'The kernel no longer has this path. Run the cell again to ask it more.');
  const { t, index } = request;
  if (typeof t !== 'number' || !(t >= 0 && t <= 1)) return refusal(id, 'bad-request', 't goes from 0 to 1.');
  if (!Number.isInteger(index) || index < 0 || index >= way.classes)
    return refusal(id, 'bad-request', `index is to be a whole number from 0 to ${way.classes - 1}.`);
  try {
    return await segmentAt(way, id, t, index);
  } catch (error) {
    return refusal(id, 'failed', error instanceof Error ? error.message : String(error));
  }
}

/** W_c and b_c on the segment that t lies in. */
async function segmentAt(way: Path, id: number, t: number, index: number): Promise<Answer> {
  const segment = way.segmentOf(t);
  const lin = await way.segment(segment);
  try {
    const row = await lin.row(index);
    const weights = await row.data<'float32'>();
    row.dispose();
    const bias = (await lin.bias.data())[index];
    const [begin, end] = [way.t[segment], way.t[segment + 1]];
    const units = way.units[segment].slice(0, MOST_UNITS);
    const reply = { id, ok: true, op: 'segment', segment, begin, end, bias, units } as const;
    return { reply, buffers: [float32Bytes(weights)] };
  } finally {
    lin.dispose();
  }
}

function refusal(id: number, code: 'gone' | 'bad-request' | 'failed', message: string): Answer {
  return { reply: { id, ok: false, code, message }, buffers: [] };
}
