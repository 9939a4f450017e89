/** Wraps every operation of an adapter. */
import * as Effect from "effect/Effect"
import { type Address, withAddress } from "../../../internal/current-call.ts"
import { toMillis } from "../../../internal/duration.ts"
import { isSettled } from "../../../internal/rejected-call.ts"
import { withStepTimeout, withTimeout } from "../../../internal/timeout.ts"
import type { CallOptions } from "../../../ports/call.ts"
import { AuthError, type Reason } from "../../../ports/errors.ts"
import { optionsIndex } from "../../../ports/operations.ts"
import type { Operation, Traits } from "../../../ports/provider.ts"
import { checkArguments } from "./check-arguments.ts"
import { resultWithout } from "./credential-arguments.ts"

/** An operation before its arguments are checked. */
export type UncheckedOperation = (...args: never) => Effect.Effect<unknown, Reason>

type AnyOperation = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, Reason>

/**
 * Checks the arguments, limits the call by its `timeout`, and adds provider, operation and address to a failure.
 *
 * Wrong arguments fail before anything is sent: the result is a failed `Exit`. So does a text that cannot be a
 * credential, with the reason that the server would have. The `timeout` policy removes `timeout` from the options, so
 * it applies here only to a provider that is used without policies.
 */
export const checkedOperation = (
  provider: string,
  operation: Operation,
  unchecked: UncheckedOperation,
  { severalWrites }: Traits = {},
) => {
  const raw = unchecked as AnyOperation
  const index = optionsIndex(operation)
  const errorOf = (reason: Reason, address?: Address) =>
    // A callback is checked without a request.
    new AuthError({ provider, operation, reason, ...(reason._tag !== "InvalidCallback" && address?.()) })
  return (...args: ReadonlyArray<unknown>): Effect.Effect<unknown, AuthError> => {
    const problem = checkArguments(operation, args)
    if (problem !== undefined) return Effect.fail(errorOf(problem))
    const call = start(operation, raw, args)
    if (isSettled(call)) return Effect.mapErrorEager(call, (reason) => errorOf(reason))
    const timeout = (args[index] as CallOptions | undefined)?.timeout
    return withAddress((address) => {
      const failing = Effect.mapError(call, (reason) => errorOf(reason, address))
      if (timeout === undefined) return failing
      return severalWrites?.has(operation) === true
        ? withStepTimeout(failing, toMillis(timeout))
        : withTimeout(failing, toMillis(timeout), (reason) => Effect.fail(errorOf(reason, address)))
    })
  }
}

/** An exception while the effect is made becomes a defect of the effect, like an exception while it runs. */
const start = (
  operation: Operation,
  raw: AnyOperation,
  args: ReadonlyArray<unknown>,
): Effect.Effect<unknown, Reason> => {
  try {
    return resultWithout(operation, args) ?? raw(...args)
  } catch (defect) {
    return Effect.die(defect)
  }
}
