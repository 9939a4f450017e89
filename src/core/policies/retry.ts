/** Repeating what may be repeated, when the vendor could not answer. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import type { CallOptions } from "../../ports/call.ts"
import type { AuthError } from "../../ports/errors.ts"
import { optionsIndex } from "../../ports/operations.ts"
import { classOf, onOutage, type RetryOptions } from "../../ports/policies.ts"
import type { Identity } from "../../ports/provider.ts"
import { overOperations } from "../over-operations.ts"

/** What all calls together may repeat: each call adds a tenth of one, so that repeating cannot double an outage. */
const budget = { most: 10, perCall: 0.1 }

const millis = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

/**
 * Repeats a call that failed for want of an answer, after a random wait that may double each time, and after what the vendor
 * asked for. Only operations of a class that `onOutage` lets be repeated; `retry: false` in a call leaves it alone.
 */
export const retry =
  ({ times = 2, wait = "100 millis", maxWait = "2 seconds" }: RetryOptions = {}) =>
  <P extends Identity>(provider: P): P => {
    const [first, longest] = [millis(wait), millis(maxWait)]
    let left = budget.most

    const again = <A>(
      call: Effect.Effect<A, AuthError>,
      error: AuthError,
      done: number,
    ): Effect.Effect<A, AuthError> => {
      const asked = error.retryAfter && Duration.toMillis(error.retryAfter)
      if (!error.isRetryable || done >= times || left < 1 || (asked ?? 0) > longest) return Effect.fail(error)
      left -= 1
      return Effect.flatMap(Random.next, (random) => {
        const step = Math.min(first * 2 ** done, longest)
        // Who asks for a rest gets one, also where it says that none is left.
        const pause = (asked === undefined ? 0 : Math.max(asked, step)) + random * step
        return Effect.delay(
          Effect.catch(call, (next) => again(call, next, done + 1)),
          Duration.millis(pause),
        )
      })
    }

    return overOperations(provider, (operation, method) => {
      if (!onOutage[classOf(operation)].retry) return undefined
      const index = optionsIndex(operation)
      return (...args) => {
        const call = method(...args)
        if (Exit.isExit(call) || (args[index] as CallOptions | undefined)?.retry === false) return call
        return Effect.suspend(() => {
          left = Math.min(budget.most, left + budget.perCall)
          return Effect.catch(call, (error) => again(call, error, 0))
        })
      }
    })
  }
