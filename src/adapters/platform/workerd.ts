/** Cloudflare Workers: each incoming request owns its timers and its I/O. */
import * as Scheduler from "effect/Scheduler"
import type { Platform } from "../../ports/platform.ts"

/** Effects yield with a microtask: the timer of one request would end with it, while another waits. */
export const platform: Platform = { scheduler: new Scheduler.MixedScheduler("sync"), sharesRequests: false }
