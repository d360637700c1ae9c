import { plot, type Plottable, type PlotOptions } from '../../kernel-ext/src/plot/plot';
import { type Bundle, type DisplaySink, SINK } from '../../kernel-ext/src/sink/sink';

/** What `plot` shows, as the kernel sends it. */
export async function bundleOf<T extends Plottable>(thing: T, options?: PlotOptions<T>): Promise<Bundle> {
  let shown: Bundle | undefined;
  const sink: DisplaySink = { display: bundle => void (shown = bundle), replaces: true, track: () => {} };
  Object.defineProperty(globalThis, SINK, { value: sink, configurable: true });
  try {
    await plot(thing, options);
  } finally {
    Reflect.deleteProperty(globalThis, SINK);
  }
  return shown!;
}
