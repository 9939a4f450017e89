/**
 * The timers and the clock as they were when this module was loaded.
 *
 * Fake timers of a test replace the globals later. A deadline that waits for a fake clock would never pass, and a socket
 * works in real time.
 */
export const { setTimeout, clearTimeout } = globalThis

/** Milliseconds of a clock that only moves forward. */
export const monotonicNow: () => number = performance.now.bind(performance)

/** Absent on platforms without Node's globals. */
export const setImmediate: typeof globalThis.setImmediate | undefined = globalThis.setImmediate

const { queueMicrotask } = globalThis

/** Whether the timers that undici uses are fake: it reads the globals when it waits. */
export const areTimersFake = (): boolean =>
  globalThis.setImmediate !== setImmediate ||
  globalThis.setTimeout !== setTimeout ||
  globalThis.queueMicrotask !== queueMicrotask

/** The timers of the list of deadlines. */
export interface Timers {
  readonly setTimeout: typeof globalThis.setTimeout
  readonly clearTimeout: typeof globalThis.clearTimeout
  readonly monotonicNow: () => number
}

export const realTimers: Timers = { setTimeout, clearTimeout, monotonicNow }
