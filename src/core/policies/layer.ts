/** An operation and the policies around it: each policy puts a layer around the layer below. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { EndSessions } from "../../internal/end-sessions.ts"
import type { IssuerSignature } from "../../internal/issuer-signature.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import type { AuthError } from "../../ports/errors.ts"
import { allOperations } from "../../ports/operations.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import { type AnyMethod, methodOf, overOperations } from "../over-operations.ts"

/**
 * Returns the result that is available without a request, or `undefined` if the call must be made; or a promise of one of
 * them.
 */
export type GetIfPresent = (args: ReadonlyArray<unknown>) => unknown

/** Returns a result to use instead of an error, or fails with that error. */
export type Fallback = (args: ReadonlyArray<unknown>, error: AuthError) => Effect.Effect<unknown, AuthError>

/** An operation as a policy sees it. To change one member, spread the others: `{ ...inner, call }`. */
export interface Layer {
  readonly call: AnyMethod
  /**
   * The result that is available without I/O, if any. Only the Promise API asks: an effect that read the cache while it
   * was built could return an answer from before a revocation.
   */
  readonly getIfPresent?: GetIfPresent
  /** The result to use when the caller's timeout expires. */
  readonly fallback?: Fallback
  /** Of `introspect`: ends a session in this layer and in those below. */
  readonly endSessions?: EndSessions
  /** Of `introspect`: verifies other tokens of the issuers, with the keys of local validation. */
  readonly issuerSignature?: IssuerSignature
}

export type Layers = ReadonlyMap<Operation, Layer>

/** Makes a layer around each operation. It returns `inner` for an operation that it does not change. */
export type Policy = (provider: Identity, below: Layers) => (operation: Operation, inner: Layer) => Layer

/** Puts policies around every operation of a provider, the first policy innermost. */
export const layersOf = (provider: Identity, policies: ReadonlyArray<Policy>): Layers => {
  let layers: Layers = new Map(
    allOperations.flatMap((operation) => {
      const call = provider.can.has(operation) ? methodOf(provider, operation) : undefined
      return call === undefined ? [] : [[operation, { call }]]
    }),
  )
  for (const policy of policies) {
    const around = policy(provider, layers)
    layers = new Map(Array.from(layers, ([operation, inner]) => [operation, around(operation, inner)]))
  }
  return layers
}

/** Returns the provider with the operations of these layers. */
export const withLayers = <P extends Identity>(provider: P, layers: Layers): P =>
  overOperations(provider, (operation) => layers.get(operation)?.call)

/** Changes a call, unless it was rejected before anything was sent. */
export const unlessRejected = <A>(
  call: Effect.Effect<A, AuthError>,
  change: (call: Effect.Effect<A, AuthError>) => Effect.Effect<A, AuthError>,
): Effect.Effect<A, AuthError> => (isRejected(call) ? call : change(call))

/**
 * Runs an effect when a call has ended, also with an error: without a response, the vendor may have performed the
 * operation. The caller gets the result afterwards.
 */
export const finallyRun = <A>(
  call: Effect.Effect<A, AuthError>,
  effectOf: (fiber: Fiber.Fiber<unknown, unknown>) => Effect.Effect<void>,
): Effect.Effect<A, AuthError> =>
  unlessRejected(call, (sent) => Effect.withFiber((fiber) => Effect.onExitPrimitive(sent, () => effectOf(fiber))))
