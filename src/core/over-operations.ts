/** Reading and replacing the operations of a provider by name. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "../ports/errors.ts"
import type { Identity, Operation } from "../ports/provider.ts"

/** Any operation, without its types. */
export type AnyMethod = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError>

/** Replaces each operation for which `replace` returns a function, also in groups. */
export const overOperations = <P extends Identity>(
  provider: P,
  replace: (operation: Operation, method: AnyMethod) => AnyMethod | undefined,
): P => {
  let changed: P = provider
  for (const operation of provider.can) {
    const method = methodOf(provider, operation)
    const replacement = method && replace(operation, method)
    if (replacement !== undefined) changed = { ...changed, ...placed(changed, operation, replacement) }
  }
  return changed
}

/** Finds an operation by its name, such as `"introspect"` or `"clients.get"`. */
export const methodOf = (provider: Identity, operation: Operation): AnyMethod | undefined => {
  const [name, member] = operation.split(".") as [string, string | undefined]
  const found = (provider as Identity & Readonly<Record<string, unknown>>)[name]
  return (member === undefined ? found : (found as Readonly<Record<string, unknown>> | undefined)?.[member]) as
    | AnyMethod
    | undefined
}

/** Returns the member that holds `method` under the operation's name; a group keeps its other members. */
export const placed = (beside: object, operation: Operation, method: unknown): Readonly<Record<string, unknown>> => {
  const [name, member] = operation.split(".") as [string, string | undefined]
  return {
    [name]:
      member === undefined
        ? method
        : { ...(beside as Readonly<Record<string, object | undefined>>)[name], [member]: method },
  }
}
