const COLOR_NAMES = ['red', 'green', 'blue'];

/** The name of a channel of an image; three channels are red, green and blue. */
export const channelName = (channel: number, channels: number): string =>
  channels === COLOR_NAMES.length ? COLOR_NAMES[channel] : `channel ${channel}`;
