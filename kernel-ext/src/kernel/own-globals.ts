/**
 * What the kernel itself uses of the globals that cells share with it, kept before the first cell runs: test libraries replace
 * timers and clocks (`sinon.useFakeTimers()`), and a message that waits for such a timer would be lost.
 */
export const { clearInterval, Date, setImmediate, setInterval, setTimeout } = globalThis;
export const { now } = Date;
export const { parse, stringify } = JSON;
export const nextTick = process.nextTick.bind(process);
