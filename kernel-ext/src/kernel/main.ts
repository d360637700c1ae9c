import { COMM_TARGET } from '../payload';
import { CellQueue } from './cell-queue';
import { COMMS, Comms } from './comms';
import { type Connection, readConnection } from './connection';
import { createDisplay, createSink, installSink } from './display';
import type { Engine } from './engine';
import { keepAlive } from './exit';
import { Farewell, farewellFile } from './farewell';
import { createFormat } from './format';
import { Globals } from './globals';
import { History } from './history';
import { allowDebugger, forgetAbortable, hold, isRequested, whole } from './interruptible';
import { liveTarget } from './live-comm';
import { Outputs } from './outputs';
import { hidePromiseNotes } from './promise-inspection';
import { createPrompt } from './prompt';
import { Server } from './server';
import { Session } from './session';
import { isOwnScript } from './traceback';

/** The kernel: `node main.js <connection file>`. Wires the parts together and loads the compiler last. */
async function main(connectionFile = ''): Promise<void> {
  // Frames of a library may stand between an error and the cell that it came from.
  Error.stackTraceLimit = 50;
  const exit = keepAlive();
  const connection = connect(connectionFile, exit);
  const outputs = new Outputs((...message) => server.publish(...message));
  outputs.capture();
  const server = new Server(connection, farewellFile(connectionFile), {
    handle: request => session.handle(request),
    ended: unfinished => session.recover(unfinished),
    orphaned: () => shutdown(),
  });
  const comms = new Comms((type, content, extras) => outputs.publish(type, content, extras));
  const sink = createSink(outputs);
  const format = createFormat(error => engine().describe(error).traceback.join('\n'));
  const signal = (): AbortSignal | undefined => outputs.current?.signal;
  const globals = new Globals(
    { display: createDisplay(outputs, sink, format), prompt: createPrompt(outputs, server) },
    line => outputs.write('stderr', `${line}\n`),
    signal,
  );
  const history = new History();
  let loaded: Engine | null = null;
  const engine = (): Engine => (loaded ??= loadEngine(globals, signal));
  const farewell = new Farewell(connectionFile);
  const prepare = (code: string, label: string): Promise<void> => {
    farewell.note(label);
    if (!outputs.current?.silent) outputs.write('stderr', farewell.obituary());
    return globals.prepare(code);
  };
  const noteCut = (): void => {
    forgetAbortable();
    globals.noteCut();
  };
  const cells = new CellQueue({ server, outputs, history, engine, format, prepare, noteCut });
  const shutdown = (): void => {
    farewell.say();
    void server.close().then(() => exit(0));
  };
  const session = new Session({ server, outputs, comms, history, cells, engine, shutdown });
  offer(comms);
  installSink(sink);
  hidePromiseNotes();
  globals.install();
  goOn(cells, session);
  const onCut = (): void => {
    noteCut();
    cells.doom();
  };
  allowDebugger({ onCut, isOwn: isOwnScript });
  await server.start(reason => exit(1, `${reason}\n`));
  server.publish('status', { execution_state: 'starting' }, null);
}

/** The first request loads the library's own target: only a page that shows something of the library asks. */
function offer(comms: Comms): void {
  comms.registerTarget(
    COMM_TARGET,
    liveTarget(async (...request) => {
      const release = hold('a module to load');
      const { answer } = await import('../answers/answer-request.js').finally(release);
      return answer(...request);
    }),
  );
  Object.defineProperty(globalThis, COMMS, { value: comms, configurable: true });
}

/** Keeps the kernel alive through interrupts and errors that no cell catches. */
function goOn(cells: CellQueue, session: Session): void {
  process.on('SIGINT', () => isRequested() || cells.interrupt());
  process.on('uncaughtException', error => session.reportLate(error));
  process.on('unhandledRejection', error => session.reportLate(error));
}

/** The compiler takes most of the start-up time, so it is loaded by require, after the first answer has been sent. */
function loadEngine(globals: Globals, signal: () => AbortSignal | undefined): Engine {
  return whole('the compiler', () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { TslabEngine } = require('./tslab-engine') as typeof import('./tslab-engine');
    return new TslabEngine(process.cwd(), globals.declaration(), value => globals.layersOf(value), signal);
  });
}

/** What the connection file says, or the end of the process with one sentence. */
function connect(connectionFile: string, exit: (code: number, reason: string) => never): Connection {
  try {
    return readConnection(connectionFile);
  } catch (error) {
    return exit(1, `${(error as Error).message}\n`);
  }
}

void main(process.argv[2]);
