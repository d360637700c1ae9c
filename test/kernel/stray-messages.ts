import { REQUEST_CHANNELS, type RequestChannel, type WireClient } from './wire-client';

type Json = Record<string, unknown>;

/** Well signed messages that come where nobody expects them. None of them may interrupt a cell or end the kernel. */
const STRAY: [RequestChannel, string, Json][] = [
  ['stdin', 'interrupt_request', {}],
  ['stdin', 'shutdown_request', { restart: false }],
  ['stdin', 'input_reply', { value: 'late' }],
  ['shell', 'input_reply', { value: 'late' }],
  ['control', 'input_reply', { value: 'late' }],
  ['stdin', 'execute_request', { code: 'throw 1' }],
  ['shell', 'comm_msg', { comm_id: 'closed long ago', data: {} }],
  ['control', 'comm_close', { comm_id: 'never opened' }],
  ['shell', 'execute_reply', { status: 'ok' }],
  ['control', 'status', { execution_state: 'idle' }],
  ['shell', 'history_request', { hist_access_type: 'search', pattern: '*a*b' }],
  ['stdin', 'kernel_info_request', {}],
  ['control', 'future_request', {}],
];

/**
 * Sends one stray message of each kind in turn, an interrupt that comes when no cell runs, one message with an id that came
 * before, and one with a wrong signature.
 */
export async function strayMessages(client: WireClient, round: number): Promise<void> {
  const [channel, type, content] = STRAY[round % STRAY.length];
  await client.send(channel, type, content);
  const late = (['shell', 'control'] as const)[round % 2];
  await client.request(late, 'interrupt_request', {});
  await client.send(REQUEST_CHANNELS[round % 3], 'kernel_info_request', {}, { id: 'doubled' });
  await client.send(REQUEST_CHANNELS[(round + 1) % 3], 'shutdown_request', {}, { signature: '0'.repeat(64) });
}
