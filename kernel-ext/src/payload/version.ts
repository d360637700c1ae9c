import { MalformedPayloadError, UnknownVersionError } from './errors';
import { asText } from './fields';

/** The version that this build writes. Readers accept every minor version of their own major one. */
export const SCHEMA_VERSION = '1.2';

const [MAJOR] = SCHEMA_VERSION.split('.');

/** @throws MalformedPayloadError, UnknownVersionError */
export function checkVersion(version: unknown): void {
  const text = asText(version, 'schemaVersion');
  const match = /^(\d{1,6})\.\d{1,6}$/.exec(text);
  if (!match) throw new MalformedPayloadError('schemaVersion', 'is not of the form major.minor');
  if (match[1] !== MAJOR) throw new UnknownVersionError(text, `${MAJOR}.x`);
}
