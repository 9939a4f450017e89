/** What every operation of an adapter is wrapped in. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { AuthError, type Reason } from "../../../ports/errors.ts"
import { optionsIndex } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import { checkArguments } from "./check-arguments.ts"

/** Any operation, before its arguments are checked. */
export type Unchecked = (...args: never) => Effect.Effect<unknown, Reason>

/** Checks the arguments, honours `timeout`, and puts who and what to a failure. */
export const checked = (provider: string, operation: Operation, unchecked: Unchecked) => {
  const raw = unchecked as (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, Reason>
  const last = optionsIndex(operation)
  const named = (reason: Reason) => new AuthError({ provider, operation, reason })
  return (...args: ReadonlyArray<unknown>): Effect.Effect<unknown, AuthError> => {
    const wrong = checkArguments(operation, args)
    if (wrong !== undefined) return Effect.fail(named(wrong))
    const call = Effect.mapError(begun(raw, args), named)
    const timeout = (args[last] as { readonly timeout?: Duration.Input } | undefined)?.timeout
    if (timeout === undefined) return call
    const duration = Duration.fromInputUnsafe(timeout)
    const late: Reason = { _tag: "Unavailable", detail: `no answer within ${Duration.format(duration)}` }
    return Effect.timeoutOrElse(call, { duration, orElse: () => Effect.fail(named(late)) })
  }
}

/** What throws before there is an effect is a defect of the effect, as what throws later is. */
const begun = (
  raw: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, Reason>,
  args: ReadonlyArray<unknown>,
): Effect.Effect<unknown, Reason> => {
  try {
    return raw(...args)
  } catch (defect) {
    return Effect.die(defect)
  }
}
