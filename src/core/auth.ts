/** The `Auth` service of the Effect API. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../ports/errors.ts"
import type { AnyProvider, Identity, Operation } from "../ports/provider.ts"
import { compose } from "./policies/compose.ts"
import { type Streamed, withStreams } from "./streams.ts"
import { widen } from "./widen.ts"

/** Every operation. An operation that the vendor lacks fails with `UnsupportedOperation`. */
export type AuthShape = Streamed<AnyProvider>

/** Makes the service from a provider. */
export const makeAuth = (
  make: Effect.Effect<Identity, AuthError, Scope.Scope>,
): Effect.Effect<AuthShape, AuthError, Scope.Scope> =>
  Effect.map(make, (provider) => {
    provider.events?.useEffectLogger()
    return withStreams(widen(compose(provider)), provider)
  })

/** A part of the operations of the service, for your own tests. */
export type PartialAuth = {
  readonly [K in keyof AuthShape]?: AuthShape[K] extends (...args: never) => unknown
    ? AuthShape[K]
    : Partial<AuthShape[K]>
}

/** Makes a service from some operations. Every other operation fails with `UnsupportedOperation`. */
export const testAuth = (partial: PartialAuth): AuthShape => {
  const provider = { id: "test", can: new Set<Operation>(), instead: {} }
  const base = withStreams(widen(provider), provider)
  const merged = Object.entries(partial).map(([name, value]) => {
    const under = base[name as keyof AuthShape]
    return [
      name,
      typeof value === "object" && typeof under === "object" && !(value instanceof Set)
        ? { ...under, ...value }
        : value,
    ]
  })
  return { ...base, ...Object.fromEntries(merged) }
}
