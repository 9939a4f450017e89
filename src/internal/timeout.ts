/** The `timeout` of a call: the longest time of the whole call, or of each step of an operation with several writes. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { DurationInput } from "../ports/duration.ts"
import type { Reason } from "../ports/errors.ts"
import { printDuration } from "./duration.ts"
import { clearTimeout, setTimeout } from "./real-timers.ts"
import { clockOf } from "./time.ts"

/** The `timeout` of a configuration without one. */
export const defaultTimeout: DurationInput = "10 seconds"

/** The reason of a call that its `timeout` has ended. */
export const timedOutCall = (timeout: number): Reason => ({
  _tag: "Unavailable",
  detail: `no result within ${printDuration(timeout)}, the \`timeout\` of the call`,
})

/**
 * Limits how long an effect may take.
 *
 * An effect that completes at once needs no timer. When the time is over, the effect is interrupted; if it completes in
 * spite of that, because it is uninterruptible, its result counts.
 *
 * @param timeout the limit, in milliseconds
 * @param onTimeout the result when the limit has passed
 */
export const withTimeout = <A, E>(
  effect: Effect.Effect<A, E>,
  timeout: number,
  onTimeout: (reason: Reason) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.withFiber((caller) => {
    const fiber = Effect.runForkWith(caller.context)(effect)
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return exit
    return Effect.callback((resume) => {
      let isOver = false
      const cancel = startTimer(caller, timeout, () => {
        isOver = true
        fiber.interruptUnsafe()
      })
      fiber.addObserver((ended) => {
        cancel()
        resume(isOver && Exit.hasInterrupts(ended) ? onTimeout(timedOutCall(timeout)) : ended)
      })
      return Effect.suspend(() => {
        cancel()
        return Fiber.interrupt(fiber)
      })
    })
  })

/** The platform's clock: the one that no caller replaced. */
const platformClock = Context.get(Context.empty(), Clock.Clock)

/** Whether time passes for a fiber as it does for the platform's timers. */
export const hasPlatformClock = (fiber: Fiber.Fiber<unknown, unknown>): boolean => clockOf(fiber) === platformClock

/** Starts a timer of a fiber's clock, and returns how to cancel it. A timer of the platform costs a tenth of a sleeping fiber. */
const startTimer = (caller: Fiber.Fiber<unknown, unknown>, millis: number, onTime: () => void): (() => void) => {
  if (hasPlatformClock(caller)) {
    const timer = setTimeout(onTime, millis)
    return () => clearTimeout(timer)
  }
  const timer = Effect.runForkWith(caller.context)(clockOf(caller).sleep(Duration.millis(millis)))
  timer.addObserver((slept) => {
    if (Exit.isSuccess(slept)) onTime()
  })
  return () => timer.interruptUnsafe()
}

/** The limit of each step of the call, in milliseconds; `undefined` without a limit. */
const StepTimeout = Context.Reference<number | undefined>("latchkey/StepTimeout", { defaultValue: () => undefined })

/** Limits each step of a call instead of the whole: the steps of an operation with several writes. */
export const withStepTimeout = <A, E>(call: Effect.Effect<A, E>, timeout: number): Effect.Effect<A, E> =>
  Effect.provideService(call, StepTimeout, timeout)

/**
 * One step of an operation with several writes. It may take as long as a whole call, also within an uninterruptible
 * effect.
 */
export const step = <A>(effect: Effect.Effect<A, Reason>): Effect.Effect<A, Reason> =>
  Effect.withFiber((fiber) => {
    const timeout = fiber.getRef(StepTimeout)
    return timeout === undefined ? effect : withTimeout(effect, timeout, Effect.fail)
  })
