/** A provider with every operation: an operation that the vendor lacks fails. */
import * as Effect from "effect/Effect"
import { AuthError } from "../ports/errors.ts"
import { allOperations, operations } from "../ports/operations.ts"
import type { AnyProvider, Identity, Operation } from "../ports/provider.ts"
import { placed } from "./over-operations.ts"

/** Adds the operations that the vendor lacks. They fail with `UnsupportedOperation`, which names an alternative if there is one. */
export const widen = (provider: Identity): AnyProvider => {
  let wide: Identity = provider
  for (const operation of allOperations)
    if (!provider.can.has(operation))
      wide = { ...wide, ...placed(wide, operation, () => unsupported(provider, operation)) }
  return wide as AnyProvider
}

const unsupported = ({ id, instead }: Identity, operation: Operation): Effect.Effect<never, AuthError> =>
  Effect.fail(
    new AuthError({
      provider: id,
      operation,
      reason: {
        _tag: "UnsupportedOperation",
        standard: operations[operation],
        ...(instead[operation] !== undefined && { instead: instead[operation] }),
      },
    }),
  )
