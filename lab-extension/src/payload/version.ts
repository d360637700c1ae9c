import { asText } from './fields';
import { MalformedPayloadError, UnknownVersionError } from './malformed-payload';

const MAJOR = '1';

/** Any minor version of our major one is read. @throws MalformedPayloadError, UnknownVersionError */
export function checkVersion(version: unknown): void {
  const text = asText(version, 'schemaVersion');
  const match = /^(\d{1,6})\.\d{1,6}$/.exec(text);
  if (!match) throw new MalformedPayloadError('schemaVersion', 'is not of the form major.minor');
  if (match[1] !== MAJOR) throw new UnknownVersionError(text, `${MAJOR}.x`);
}
