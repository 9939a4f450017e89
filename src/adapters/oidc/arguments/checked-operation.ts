/** Wraps every operation of an adapter. */
import * as Effect from "effect/Effect"
import { withTimeout } from "../../../internal/timeout.ts"
import type { CallOptions } from "../../../ports/call.ts"
import { AuthError, type Reason } from "../../../ports/errors.ts"
import { optionsIndex } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import { checkArguments } from "./check-arguments.ts"

/** An operation before its arguments are checked. */
export type UncheckedOperation = (...args: never) => Effect.Effect<unknown, Reason>

type AnyOperation = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, Reason>

/**
 * Checks the arguments, limits the call by its `timeout`, and adds provider and operation to a failure.
 *
 * Wrong arguments fail before anything is sent: the result is a failed `Exit`. The `timeout` policy removes `timeout` from
 * the options, so it applies here only to a provider that is used without policies.
 */
export const checkedOperation = (provider: string, operation: Operation, unchecked: UncheckedOperation) => {
  const raw = unchecked as AnyOperation
  const index = optionsIndex(operation)
  const errorOf = (reason: Reason) => new AuthError({ provider, operation, reason })
  return (...args: ReadonlyArray<unknown>): Effect.Effect<unknown, AuthError> => {
    const problem = checkArguments(operation, args)
    if (problem !== undefined) return Effect.fail(errorOf(problem))
    const call = Effect.mapError(start(raw, args), errorOf)
    return withTimeout(call, (args[index] as CallOptions | undefined)?.timeout, (reason) =>
      Effect.fail(errorOf(reason)),
    )
  }
}

/** An exception before there is an effect becomes a defect of the effect, as a later one does. */
const start = (raw: AnyOperation, args: ReadonlyArray<unknown>): Effect.Effect<unknown, Reason> => {
  try {
    return raw(...args)
  } catch (defect) {
    return Effect.die(defect)
  }
}
