/** The `timeout` of a call that has a fiber of its own: `introspect` of the Promise API. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { platform } from "#platform"
import { type Address, addressIn, type CurrentCall, currentCall, withAddress } from "../internal/current-call.ts"
import { type DeadlineEntry, type Deadlines, makeDeadlines } from "../internal/deadlines.ts"
import { monotonicNow, realTimers } from "../internal/real-timers.ts"
import { hasPlatformClock, timedOutCall, withTimeout } from "../internal/timeout.ts"
import type { AuthError, Reason } from "../ports/errors.ts"

type CallFiber = Fiber.Fiber<unknown, unknown>

/** Continues a call whose time is over. */
type OnTimeout<A> = (reason: Reason, address: Address) => Effect.Effect<A, AuthError>

export interface CallLimits {
  /** Limits a call, like `withTimeout`. */
  readonly limit: <A>(
    call: Effect.Effect<A, AuthError>,
    timeout: number,
    onTimeout: OnTimeout<A>,
  ) => Effect.Effect<A, AuthError>
}

/**
 * Makes the limits of one provider's calls, which share a timer.
 *
 * `withTimeout` runs a call in a second fiber, to interrupt it and go on. That costs an uncached introspection a tenth of
 * its time. A call of the Promise API has a fiber of its own, so that fiber is interrupted, and `run` goes on.
 */
export const makeCallLimits = (): CallLimits => {
  const deadlines = makeDeadlines(realTimers, { keepsAlive: true })
  return {
    limit: (call, timeout, onTimeout) =>
      Effect.withFiber((fiber) => {
        const current = currentCall(fiber)
        if (current?.fiber !== fiber || !mayInterrupt(fiber)) return inOwnFiber(call, timeout, onTimeout)
        const limit = new CallLimit(deadlines, current, fiber, timeout, onTimeout)
        return Effect.onExitPrimitive(call, () => {
          limit.end()
          return undefined
        })
      }),
  }
}

/** Limits a call with a second fiber. */
export const inOwnFiber: CallLimits["limit"] = (call, timeout, onTimeout) =>
  withAddress((address) => withTimeout(call, timeout, (reason) => onTimeout(reason, address)))

/** A timer may be shared where requests may be; a span would end as interrupted; a test clock has no deadlines. */
const mayInterrupt = (fiber: CallFiber): boolean => {
  const { tracer } = fiber.cache
  return platform.sharesRequests && (tracer === undefined || tracer === Tracer.nativeTracer) && hasPlatformClock(fiber)
}

/** The deadline of one call. A class: it lives as long as a request (decision 0017). */
class CallLimit implements DeadlineEntry {
  readonly dueAt: number
  previous: DeadlineEntry | undefined
  next: DeadlineEntry | undefined
  readonly #deadlines: Deadlines
  readonly #call: CurrentCall
  readonly #fiber: CallFiber
  readonly #timeout: number
  readonly #onTimeout: OnTimeout<unknown>
  #isOver = false

  constructor(
    deadlines: Deadlines,
    call: CurrentCall,
    fiber: CallFiber,
    timeout: number,
    onTimeout: OnTimeout<unknown>,
  ) {
    this.dueAt = monotonicNow() + timeout
    this.#deadlines = deadlines
    this.#call = call
    this.#fiber = fiber
    this.#timeout = timeout
    this.#onTimeout = onTimeout
    deadlines.add(this)
  }

  expire(): void {
    this.end()
    const current = this.#call
    current.overtime = Effect.suspend(() => this.#onTimeout(timedOutCall(this.#timeout), () => addressIn(current)))
    this.#fiber.interruptUnsafe()
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#deadlines.remove(this)
  }
}
