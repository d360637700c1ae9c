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

/** This kernel cannot use the connection file. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';

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

/**
 * Reads a connection file.
 * @throws ConnectionFileError if it cannot be read, is not JSON, lacks a port, or asks for a signature other than hmac-sha256.
 */
export function readConnection(path: string): Connection {
  let file: Partial<Connection>;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as Partial<Connection>;
  } catch (cause) {
    throw new ConnectionFileError(path, 'cannot be read as JSON', { cause });
  }
  for (const port of ['shell', 'control', 'iopub', 'stdin', 'hb'] as const) {
    if (typeof file[`${port}_port`] !== 'number') throw new ConnectionFileError(path, `has no ${port}_port`);
  }
  const connection = { transport: 'tcp', ip: '127.0.0.1', key: '', signature_scheme: 'hmac-sha256', ...file };
  if (connection.key && connection.signature_scheme !== 'hmac-sha256') {
    throw new ConnectionFileError(
      path,
      `asks for ${connection.signature_scheme}, but this kernel knows only hmac-sha256`,
    );
  }
  return connection as Connection;
}

/** The ZeroMQ address of one of the five sockets. */
export function address(connection: Connection, port: Port): string {
  const separator = connection.transport === 'ipc' ? '-' : ':';
  return `${connection.transport}://${connection.ip}${separator}${connection[`${port}_port`]}`;
}
