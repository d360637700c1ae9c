import { dirname, join } from 'node:path';
import { type Bundle, type DisplaySink, SINK } from './sink';

/** MIME types by how well tslab shows them when it may show only one, best first. */
const TSLAB_ORDER = [
  'text/html',
  'application/vnd.plotly.v1+json',
  'image/png',
  'image/svg+xml',
  'text/markdown',
  'text/plain',
];

interface Tslab {
  display: { raw(mimeType: string, content: unknown): void };
}

/** The sink that the Piecewise kernel has installed, if it runs this process: one lookup, cheap enough for every call. */
export function installedSink(): DisplaySink | undefined {
  return (globalThis as { [SINK]?: DisplaySink })[SINK];
}

/** A signal that aborts when the user stops the running cell, or when `given` does; undefined if nothing can abort. */
export function stopSignal(given?: AbortSignal): AbortSignal | undefined {
  const stopped = installedSink()?.signal;
  return given && stopped ? AbortSignal.any([given, stopped]) : (given ?? stopped);
}

/** Where displays go now: the Piecewise kernel, else the stock tslab kernel that runs this process, else standard output. */
export function currentSink(): DisplaySink {
  const own = installedSink();
  if (own) return own;
  const tslab = runningTslab();
  return tslab ? tslabSink(tslab) : TEXT_SINK;
}

/** tslab shows one MIME type per message, cannot update a display by its id, and does not wait for unawaited work. */
function tslabSink(tslab: Tslab): DisplaySink {
  return {
    replaces: false,
    display(bundle) {
      const type = TSLAB_ORDER.find(candidate => candidate in bundle);
      if (type) tslab.display.raw(type, bundle[type]);
    },
    track: () => {},
  };
}

const TEXT_SINK: DisplaySink = {
  replaces: false,
  display(bundle: Bundle) {
    process.stdout.write(`${String(bundle['text/plain'])}\n`);
  },
  track: () => {},
};

/**
 * The tslab that runs this process as a kernel. It is looked for among the loaded modules: a copy of our own would
 * never have seen the connection to the notebook.
 */
function runningTslab(): Tslab | null {
  const kernel = Object.values(require.cache).find(
    module =>
      /tslab[\\/]dist[\\/]jupyter\.js$/.test(module?.filename ?? '') && module?.exports.lastWriteDisplayData,
  );
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return kernel ? (require(join(dirname(kernel.filename), 'public.js')) as Tslab) : null;
}
