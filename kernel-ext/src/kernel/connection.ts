import { readFileSync } from 'node:fs';

/** What a Jupyter client writes to the connection file: where to bind, and the key that signs messages. */
export interface Connection {
  transport: 'tcp' | 'ipc';
  ip: string;
  /** Empty: messages are not signed. */
  key: string;
  signature_scheme: string;
  shell_port: number;
  control_port: number;
  iopub_port: number;
  stdin_port: number;
  hb_port: number;
}

export type Port = 'shell' | 'control' | 'iopub' | 'stdin' | 'hb';

const PORTS = ['shell', 'control', 'iopub', 'stdin', 'hb'] as const;

/** The fields that a connection file may leave out. */
const DEFAULTS = { transport: 'tcp', ip: '127.0.0.1', key: '', signature_scheme: 'hmac-sha256' };

/** This kernel cannot use the connection file. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';

  /** @param problem what is wrong with it, as the end of the sentence "The connection file …" */
  constructor(
    readonly path: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `The connection file ${path} ${problem}. Start the kernel through Jupyter, or pass the file that a client wrote.`,
      options,
    );
  }
}

/** A socket cannot listen at the address in the connection file. */
export class BindError extends Error {
  override readonly name = 'BindError';

  constructor(
    readonly port: Port,
    readonly address: string,
    options: { cause: unknown },
  ) {
    const { cause } = options;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The kernel cannot listen on ${address} for the ${port} channel: ${reason}. ` +
        'Give it an address of this machine and a free port.',
      options,
    );
  }
}

/**
 * Reads a connection file.
 * @throws ConnectionFileError if it cannot be read, is not a JSON object, or has a field that this kernel cannot use: a
 *   transport other than tcp and ipc, an ip or key that is not a string, a signature other than hmac-sha256, or a port
 *   that is not an integer from 1 to 65535.
 */
export function readConnection(path: string): Connection {
  const connection = { ...DEFAULTS, ...readObject(path) };
  const problem = problemOf(connection);
  if (problem) throw new ConnectionFileError(path, problem);
  return connection as unknown as Connection;
}

function problemOf({
  transport,
  ip,
  key,
  signature_scheme,
  ...rest
}: Record<string, unknown>): string | null {
  if (transport !== 'tcp' && transport !== 'ipc')
    return `asks for the transport ${JSON.stringify(transport)}, but this kernel knows only tcp and ipc`;
  if (typeof ip !== 'string' || ip === '')
    return `has ${JSON.stringify(ip)} as its ip, which must be a string that is not empty`;
  if (typeof key !== 'string') return `has a key of type ${typeof key}, which must be a string`;
  if (key !== '' && signature_scheme !== 'hmac-sha256')
    return `asks for ${String(signature_scheme)}, but this kernel knows only hmac-sha256`;
  for (const name of PORTS) {
    const port = rest[`${name}_port`];
    if (port === undefined) return `has no ${name}_port`;
    if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65535)
      return `has ${JSON.stringify(port)} as its ${name}_port, which must be an integer from 1 to 65535`;
  }
  return null;
}

function readObject(path: string): Record<string, unknown> {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConnectionFileError(path, code ? `cannot be read (${code})` : 'is not JSON', { cause });
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw new ConnectionFileError(path, 'is not a JSON object');
  return file as Record<string, unknown>;
}

/** The ZeroMQ address of one of the five sockets. */
export function address(connection: Connection, port: Port): string {
  const separator = connection.transport === 'ipc' ? '-' : ':';
  return `${connection.transport}://${connection.ip}${separator}${connection[`${port}_port`]}`;
}
