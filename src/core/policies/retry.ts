/** Repeats calls when the vendor is unavailable. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

import { toMillis } from "../../internal/duration.ts"
import { reportFailedAttempt } from "../../internal/failed-attempt.ts"
import { isOpenCircuit } from "../../internal/open-circuit.ts"
import { isSettled } from "../../internal/rejected-call.ts"
import { IsRepeat } from "../../internal/repeated-call.ts"

import type { CallOptions } from "../../ports/call.ts"
import type { AuthError } from "../../ports/errors.ts"
import { optionsIndex } from "../../ports/operations.ts"
import type { RetryOptions } from "../../ports/policies.ts"
import type { AnyMethod } from "../over-operations.ts"
import { classOf, onOutage } from "./call-class.ts"
import type { Policy } from "./layer.ts"

/** The retry budget of all calls together. Each call adds a tenth, so that retries cannot double the load of an outage. */
const budget = { most: 10, perCall: 0.1 }

/**
 * Repeats a call that failed with a retryable reason, after a random pause whose upper limit doubles each time.
 *
 * A longer `Retry-After` is obeyed. A call that an open circuit stopped is not repeated, nor is an operation whose
 * class must not be retried. `retry: false` in a call turns the policy off.
 */
export const retry =
  ({ attempts = 2, baseDelay = "100 millis", maxDelay = "2 seconds" }: RetryOptions = {}): Policy =>
  () => {
    const [base, longest] = [toMillis(baseDelay), toMillis(maxDelay)]
    let left = budget.most

    const repeat = <A>(
      call: Effect.Effect<A, AuthError>,
      error: AuthError,
      done: number,
    ): Effect.Effect<A, AuthError> => {
      const retryAfter = error.retryAfter && Duration.toMillis(error.retryAfter)
      const isWorthwhile = error.isRetryable && !isOpenCircuit(error.reason)
      if (!isWorthwhile || done >= attempts || left < 1 || (retryAfter ?? 0) > longest) return Effect.fail(error)
      left -= 1
      return Effect.flatMap(Effect.andThen(reportFailedAttempt(error), Random.next), (random) => {
        const step = Math.min(base * 2 ** done, longest)
        // Wait at least one step even when `Retry-After` is 0.
        const pause = (retryAfter === undefined ? 0 : Math.max(retryAfter, step)) + random * step
        return Effect.delay(
          Effect.catch(Effect.provideService(call, IsRepeat, true), (next) => repeat(call, next, done + 1)),
          Duration.millis(pause),
        )
      })
    }

    return (operation, inner) => {
      if (!onOutage[classOf(operation)].retry) return inner
      const index = optionsIndex(operation)
      const call: AnyMethod = (...args) => {
        const first = inner.call(...args)
        if (isSettled(first) || (args[index] as CallOptions | undefined)?.retry === false) return first
        return Effect.suspend(() => {
          left = Math.min(budget.most, left + budget.perCall)
          return Effect.catch(first, (error) => repeat(first, error, 0))
        })
      }
      return { ...inner, call }
    }
  }
