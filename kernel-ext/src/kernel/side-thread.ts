import { parentPort, workerData } from 'node:worker_threads';
import { Reply, Router } from 'zeromq';
import { address, type Connection } from './connection';
import { Wire } from './wire';

/**
 * Heartbeat and control, on a thread of their own: they are answered while a cell computes on the main thread.
 * An interrupt becomes SIGINT, the only thing that stops a synchronous loop; all else goes on to the main thread.
 */
async function serve(connection: Connection): Promise<void> {
  const heartbeat = new Reply({ linger: 0 });
  const control = new Router({ linger: 500, sendHighWaterMark: 0 });
  await heartbeat.bind(address(connection, 'hb'));
  await control.bind(address(connection, 'control'));
  parentPort?.on('message', (frames: (string | Uint8Array)[] | null) => {
    if (frames) return void control.send(frames);
    control.close();
    heartbeat.close();
    parentPort?.close();
  });
  await Promise.all([echo(heartbeat), receive(control, new Wire(connection.key))]);
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function receive(control: Router, wire: Wire): Promise<void> {
  for await (const frames of control) {
    if (isInterrupt(frames, wire)) process.kill(process.pid, 'SIGINT');
    parentPort?.postMessage(frames);
  }
}

function isInterrupt(frames: Uint8Array[], wire: Wire): boolean {
  try {
    return wire.decode(frames).header.msg_type === 'interrupt_request';
  } catch {
    return false; // The main thread reports what cannot be decoded.
  }
}

void serve(workerData as Connection);
