/** How an input is interpreted as a signal: numbers over time, in one channel or several. */
export interface SignalShape {
  channels: number;
  steps: number;
}

/** A signal with the names that its channels and its time axis have. */
export interface Signal extends SignalShape {
  /** One name per channel. */
  names: string[];
  /** Steps per second; null: time is counted in steps. */
  rate: number | null;
}

const FEWEST_STEPS = 16;
const MOST_CHANNELS = 32;
/** A signal has at least this many times as many steps as channels; anything closer to a square is an image. */
const STEPS_PER_CHANNEL = 4;

/**
 * The signal that an array of two axes holds, one of time and one of channels.
 * @param channelAxis which of them holds the channels
 * @returns null for images and everything else
 */
export function signalShape(shape: readonly number[], channelAxis: number): SignalShape | null {
  if (shape.length !== 2) return null;
  const [channels, steps] = [shape[channelAxis], shape[1 - channelAxis]];
  const isLong = steps >= FEWEST_STEPS && steps >= STEPS_PER_CHANNEL * channels;
  return isLong && channels <= MOST_CHANNELS ? { channels, steps } : null;
}
