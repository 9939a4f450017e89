/** A provider with every operation: those the vendor lacks refuse. */
import * as Effect from "effect/Effect"
import { AuthError } from "../ports/errors.ts"
import { allOperations, operations } from "../ports/operations.ts"
import type { AnyProvider, Identity, Operation } from "../ports/provider.ts"
import { placed } from "./over-operations.ts"

/** Adds what the vendor lacks; asked for it, the answer is `UnsupportedOperation`, with what to use instead. */
export const widen = (provider: Identity): AnyProvider => {
  let wide: Identity = provider
  for (const operation of allOperations)
    if (!provider.can.has(operation)) wide = { ...wide, ...placed(wide, operation, () => refusal(provider, operation)) }
  return wide as AnyProvider
}

const refusal = ({ id, instead }: Identity, operation: Operation): Effect.Effect<never, AuthError> =>
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
