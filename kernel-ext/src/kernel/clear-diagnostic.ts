import type * as typescript from '@tslab/typescript-for-tslab';
import { closest, distance } from 'fastest-levenshtein';

type Compiler = typeof typescript;
type Message = string | typescript.DiagnosticMessageChain;

const NO_OVERLOAD = 2769;
/** "… and 'form' does not exist in type …", without and with a suggestion. */
const UNKNOWN_PROPERTY = 2353;
const UNKNOWN_PROPERTY_MEANT = 2561;
/** "Did you forget to use 'await'?", which the editor shows in another place. */
const FORGOTTEN_AWAIT = 2773;
/** What TypeScript writes about a promise in the place of its value, where it does not ask for 'await' itself. */
const UNFIT_PROMISES = [
  /^Property '.*' does not exist on type 'Promise</,
  /^(?:Argument of type|Type) 'Promise<.*>' (?:is not assignable to|is missing|has no properties in common with) (.*)/,
  /^Property '.*' is missing in type 'Promise<.*>' but required in (.*)/,
  /^Operator '.*' cannot be applied to types (?:.* and )?'Promise</,
];

/**
 * The message of a diagnostic, indented as in the editor. A misspelled option is named with the nearest right one, whichever
 * overload lacks it, and a forgotten `await` is pointed out in place of the reasons why a promise does not fit.
 */
export function clearMessage(
  ts: Compiler,
  checker: typescript.TypeChecker,
  diagnostic: typescript.Diagnostic,
): string {
  const { messageText, relatedInformation = [], code } = diagnostic;
  const misspelled = misspelling(messageText, code);
  if (misspelled !== null) return withNearest(ts, checker, diagnostic, misspelled);
  const short = shortest(messageText);
  if (relatedInformation.some(each => each.code === FORGOTTEN_AWAIT) || isAboutPromise(short))
    return `${short} Did you forget to use 'await'?`;
  return ts.flattenDiagnosticMessageText(messageText, '\n');
}

/** The message about an unknown property inside another message; null if there is none. */
function misspelling(message: Message, code: number): string | null {
  if (typeof message === 'string')
    return code === UNKNOWN_PROPERTY || code === UNKNOWN_PROPERTY_MEANT ? message : null;
  if (message.code === UNKNOWN_PROPERTY || message.code === UNKNOWN_PROPERTY_MEANT)
    return message.messageText;
  for (const inner of message.next ?? []) {
    const found = misspelling(inner, inner.code);
    if (found !== null) return found;
  }
  return null;
}

function withNearest(
  ts: Compiler,
  checker: typescript.TypeChecker,
  { file, start = 0 }: typescript.Diagnostic,
  message: string,
): string {
  const name = /'([^']*)' does not exist in type/.exec(message)?.[1];
  if (name === undefined || !file || message.includes('Did you mean')) return message;
  const literals: typescript.ObjectLiteralExpression[] = [];
  const visit = (node: typescript.Node): void => {
    if (node.end < start) return;
    const has = (each: typescript.ObjectLiteralElementLike): boolean => each.name?.getText(file) === name;
    if (ts.isObjectLiteralExpression(node) && node.properties.some(has)) literals.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const type = literals[0] && checker.getContextualType(literals[0]);
  const names = type
    ? checker
        .getNonNullableType(type)
        .getProperties()
        .map(each => each.name)
    : [];
  if (names.length === 0) return message;
  const nearest = closest(name, names);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `${message} Did you mean to write '${nearest}'?`
    : `${message} It has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`;
}

/** Whether a message is about a promise where something else than a promise is wanted. */
function isAboutPromise(message: string): boolean {
  return UNFIT_PROMISES.some(pattern => {
    const match = pattern.exec(message);
    return match !== null && !match[1]?.includes('Promise');
  });
}

/** The first line; of a call without a fitting overload, the mistake in the last one. */
function shortest(message: Message): string {
  if (typeof message === 'string') return message;
  const inner = message.code === NO_OVERLOAD ? message.next?.at(-1)?.next?.[0] : undefined;
  return (inner ?? message).messageText;
}
