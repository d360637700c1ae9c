import { shownEmbeddings, shownInstances, shownPaths } from '../display/handles';
import type { ShownThings } from '../display/shown-things';
import type { CommReply, CommRequest, Op, Question } from '../payload';
import { type Answer, refusal } from './answer';
import { apart } from './apart';
import { channels } from './channels';
import { compare } from './compare';
import { contrastEdit } from './contrast-edit';
import { explain } from './explain';
import { hello } from './hello';
import { neighbors } from './neighbors';
import { nonFiniteField } from './non-finite-field';
import { piece } from './piece';
import type { Asking, QuestionKind, Questions } from './question-kind';
import { radius } from './radius';
import { reach } from './reach';
import { rows } from './rows';
import { selectPoints } from './select-points';
import { onceTrained, steer } from './steer';
import { thumbnails } from './thumbnails';
import { transform } from './transform';
import { whatIf } from './what-if';

/** Questions about one kind of thing that is shown. */
interface Subject {
  ops: readonly string[];
  answer(request: Request, asking: Asking): Promise<Answer>;
}

/** A request that has an id and the op of a question; the rest of its fields may be anything. */
type Request = { id: number; op: Op; handle: string } & Question<Op>;

const SUBJECTS = [
  subject(shownInstances, 'linearization', { hello, rows, whatIf, channels, radius, reach, contrastEdit }),
  subject(shownEmbeddings, 'embedding', {
    ...onceTrained({ explain, neighbors, thumbnails, compare, apart, transform, select: selectPoints }),
    steer,
  }),
  subject(shownPaths, 'path', { piece }),
];

/**
 * Answers a view on the comm `piecewise.v1`. Failures are answers, too; the promise rejects only when `signal` aborts.
 * The request may be anything: it comes from a page.
 */
export async function answer(
  request: CommRequest,
  signal: AbortSignal,
  buffers: readonly ArrayBufferView[] = [],
): Promise<Answer> {
  const id = Number.isInteger(request?.id) ? request.id : -1;
  const subject = SUBJECTS.find(({ ops }) => ops.includes(String(request?.op)));
  if (subject) return subject.answer({ ...(request as Request), id }, { signal, buffers });
  const known = SUBJECTS.flatMap(({ ops }) => ops).join(', ');
  return refusal(id, 'bad-request', `op is ${JSON.stringify(request?.op)}; it has to be one of ${known}.`);
}

function subject<T>(things: ShownThings<T>, name: string, questions: Questions<T>): Subject {
  const gone = (id: number): Answer =>
    refusal(
      id,
      'gone',
      `The kernel no longer has this ${name}. Run the cell again to see more than what was saved.`,
    );
  return {
    ops: Object.keys(questions),
    async answer({ id, op, handle, ...question }, asking) {
      const thing = things.find(handle);
      if (thing === undefined) return gone(id);
      const kind = questions[op] as QuestionKind<Op, T>;
      const fault = kind.faultOf(question, thing, asking.buffers);
      if (fault !== null) return refusal(id, 'bad-request', fault);
      try {
        const { reply, buffers = [] } = await kind.answer(question, thing, asking);
        const field = nonFiniteField(reply);
        if (field !== null)
          return refusal(
            id,
            'failed',
            `float32 overflows at this input: ${field} of the answer is not finite.`,
          );
        return { reply: { id, ok: true, op, ...reply } as CommReply, buffers };
      } catch (error) {
        asking.signal.throwIfAborted();
        if (things.find(handle) === undefined) return gone(id);
        return refusal(id, 'failed', error instanceof Error ? error.message : String(error));
      }
    },
  };
}
