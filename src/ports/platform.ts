/** The differences between JavaScript platforms, apart from the transport and signatures. */
import type * as Scheduler from "effect/Scheduler"

/** The differences of one platform. */
export interface Platform {
  /** Runs the effects of the Promise API. */
  readonly scheduler: Scheduler.Scheduler
  /**
   * Whether a request in flight may answer several callers. Not where each incoming request owns its I/O: the request of
   * one caller ends with that caller, and the others would wait for ever.
   */
  readonly sharesRequests: boolean
}
