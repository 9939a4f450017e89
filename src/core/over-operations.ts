/** The one way to change operations: whatever wraps a provider is a function from provider to provider. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../ports/errors.ts"
import type { Identity, Operation } from "../ports/provider.ts"

/** Any operation, seen from outside. */
export type AnyMethod = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError>

/** Puts another function in the place of each operation for which `policy` gives one, in groups too. */
export const overOperations = <P extends Identity>(
  provider: P,
  policy: (operation: Operation, method: AnyMethod) => AnyMethod | undefined,
): P => {
  let changed: P = provider
  for (const operation of provider.can) {
    const method = methodOf(provider, operation)
    const replacement = method && policy(operation, method)
    if (replacement !== undefined) changed = { ...changed, ...placed(changed, operation, replacement) }
  }
  return changed
}

/** Finds an operation by its dotted name. */
export const methodOf = (provider: Identity, operation: Operation): AnyMethod | undefined => {
  const [name, member] = operation.split(".") as [string, string | undefined]
  const found = (provider as Identity & Readonly<Record<string, unknown>>)[name]
  return (member === undefined ? found : (found as Readonly<Record<string, unknown>> | undefined)?.[member]) as
    | AnyMethod
    | undefined
}

/** The members that put `method` under the dotted name, beside what stands there. */
export const placed = (beside: object, operation: Operation, method: unknown): Readonly<Record<string, unknown>> => {
  const [name, member] = operation.split(".") as [string, string | undefined]
  return {
    [name]:
      member === undefined
        ? method
        : { ...(beside as Readonly<Record<string, object | undefined>>)[name], [member]: method },
  }
}

/** Does something more about a call; one that was refused before anything was sent stays as it is. */
export const unlessRefused = <A>(
  call: Effect.Effect<A, AuthError>,
  more: (call: Effect.Effect<A, AuthError>) => Effect.Effect<A, AuthError>,
): Effect.Effect<A, AuthError> => (Exit.isExit(call) && Exit.isFailure(call) ? call : more(call))

/** Does something when a call has ended, however it ended: when no answer came it may have been done. */
export const afterwards = <A>(call: Effect.Effect<A, AuthError>, act: () => void): Effect.Effect<A, AuthError> =>
  unlessRefused(call, (call) =>
    Effect.onExitPrimitive(call, () => {
      act()
      return undefined
    }),
  )
