/** Node, Bun, Deno and browsers: effects yield with the timer as it was when this module was loaded. */
import * as Scheduler from "effect/Scheduler"
import type { Platform } from "../../ports/platform.ts"

const { setImmediate, clearImmediate, setTimeout, clearTimeout } = globalThis

/** Taken at load, because fake timers of a test replace the global. */
const yieldWith: (run: () => void) => () => void =
  setImmediate === undefined
    ? (run) => {
        const timer = setTimeout(run, 0)
        return () => clearTimeout(timer)
      }
    : (run) => {
        const timer = setImmediate(run)
        return () => clearImmediate(timer)
      }

export const platform: Platform = {
  scheduler: new Scheduler.MixedScheduler("async", yieldWith),
  sharesRequests: true,
}
