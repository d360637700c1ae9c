import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError } from './errors';
import { Date, parse, stringify } from './own-globals';

/** Version of the messaging protocol that this kernel implements. */
export const PROTOCOL_VERSION = '5.5';

const DELIMITER = Buffer.from('<IDS|MSG>');

export type Json = Record<string, unknown>;

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message of the Jupyter protocol. `identities` are the ZeroMQ routing frames, or the topic on iopub. */
export interface Message {
  identities: Uint8Array[];
  header: Header;
  parent: Header | null;
  metadata: Json;
  content: Json;
  /** Binary frames after the JSON. */
  buffers: ArrayBufferView[];
}

/** A message that is ready to be signed and sent, as the thread of the sockets receives it. */
export interface Packed {
  identities: Uint8Array[];
  /** Header, parent header, metadata and content in JSON. */
  parts: string[];
  /** Copies, because a cell may change its buffers before they are sent. */
  buffers: Uint8Array[];
}

/** The frames are not a message of this session: no delimiter, not JSON, or a wrong signature. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/**
 * Packs messages into ZeroMQ frames and back, signed with the session's key.
 * The wire protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export class Wire {
  /**
   * @param key of the connection file; empty for no signatures
   * @param session id of this kernel's session
   */
  constructor(
    private readonly key: string,
    readonly session: string = randomUUID(),
  ) {}

  /** A new message of this kernel; `parent` is the header of the message that caused it. */
  message(type: string, content: Json, parent: Header | null, rest: Partial<Message> = {}): Message {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: parent?.username ?? 'kernel',
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    return { identities: [], metadata: {}, buffers: [], ...rest, header, parent, content };
  }

  /** The ZeroMQ frames of a message. */
  encode({ identities, parts, buffers }: Packed): (string | Uint8Array)[] {
    return [...identities, DELIMITER, this.sign(parts), ...parts, ...buffers];
  }

  /** @throws WireError; such frames must not have any effect. */
  decode(frames: Uint8Array[]): Message {
    const parts = frames.map(frame => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
    const at = parts.findIndex(part => part.equals(DELIMITER));
    if (at < 0 || parts.length < at + 6) {
      throw new WireError(
        `Dropped ${frames.length} frames: no delimiter followed by a signature and four parts.`,
      );
    }
    const json = parts.slice(at + 2, at + 6);
    const expected = Buffer.from(this.sign(json));
    const signature = parts[at + 1];
    if (this.key && (signature.length !== expected.length || !timingSafeEqual(signature, expected))) {
      throw new WireError('Dropped a message whose signature does not match the key of the connection file.');
    }
    const [header, parent, metadata, content] = json.map(parseObject);
    if (typeof header.msg_type !== 'string' || typeof header.msg_id !== 'string') {
      throw new WireError('Dropped a message without a msg_type or msg_id in its header.');
    }
    return {
      identities: parts.slice(0, at),
      header: header as unknown as Header,
      parent: 'msg_id' in parent ? (parent as unknown as Header) : null,
      metadata,
      content,
      buffers: parts.slice(at + 6),
    };
  }

  private sign(parts: (string | Buffer)[]): string {
    if (!this.key) return '';
    const hash = createHmac('sha256', this.key);
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  }
}

export function pack({ identities, header, parent, metadata, content, buffers }: Message): Packed {
  const parts = [header, parent ?? {}, metadata, content].map(toJson);
  const copies = buffers.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)),
  );
  return { identities, parts, buffers: copies as Uint8Array[] };
}

/** Half of a surrogate pair, which JSON.stringify escapes; or an escaped backslash, after which the same letters may stand. */
const LONE_SURROGATE = /\\\\|\\ud[89a-f][0-9a-f]{2}/g;

/**
 * JSON in which U+FFFD replaces halves of surrogate pairs, such as `'😀'.slice(0, 1)`: they have no UTF-8, and Jupyter could
 * not save the notebook.
 */
function toJson(part: unknown): string {
  const json = stringify(part);
  if (!json.includes('\\ud')) return json;
  return json.replace(LONE_SURROGATE, found => (found === '\\\\' ? found : '\uFFFD'));
}

/** A text field in the content of a request. @throws InvalidRequestError if it is not a string */
export function textOf({ header, content }: Message, field: string): string {
  const value = content[field];
  if (typeof value === 'string') return value;
  throw new InvalidRequestError(header.msg_type, field, value);
}

function parseObject(part: Buffer): Json {
  let value: unknown;
  try {
    value = parse(part.toString('utf8'));
  } catch (cause) {
    throw new WireError('Dropped a message with a part that is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError('Dropped a message with a part that is not a JSON object.');
  }
  return value as Json;
}
