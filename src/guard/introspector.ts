/** Asking about a token, with a client of the Promise API or of the Effect API. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { AuthError } from "../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../ports/introspection.ts"
import type { GuardRequest } from "./request.ts"

/** The signal of a call: a function is called only if the call is not answered at once. */
type CallSignal = AbortSignal | (() => AbortSignal)

/** The part of a client that a guard uses: of `createAuth`, of the `Auth` service, or of a test. */
export interface Introspector {
  /** The vendor's id, such as `"oidc"`. */
  readonly id: string
  readonly introspect: (
    token: string,
    options?: IntrospectOptions & { readonly signal?: CallSignal },
  ) => Promise<TokenState> | Effect.Effect<TokenState, AuthError>
  readonly backend?: { readonly instance: string }
}

/** Asks about a token, as a promise. */
export type Ask = (token: string, options: IntrospectOptions, request: GuardRequest) => Promise<TokenState>

/**
 * Makes the asking. Only the Promise API takes a signal: its clients can be disposed of, and the first result of another
 * implementation shows which API it has.
 */
export const asking = (auth: Introspector): Ask => {
  let takesSignal = Symbol.asyncDispose in auth
  return (token, options, request) => {
    const { signal } = request
    const result = auth.introspect(token, takesSignal && signal !== undefined ? { ...options, signal } : options)
    if (Effect.isEffect(result)) return run(result, request)
    takesSignal = true
    return result
  }
}

const run = <A, E>(effect: Effect.Effect<A, E>, { signal, context = Context.empty() }: GuardRequest): Promise<A> => {
  const fiber = Effect.runForkWith(context)(effect)
  if (fiber.pollUnsafe() === undefined) {
    const end = signal?.()
    if (end?.aborted) fiber.interruptUnsafe()
    else end?.addEventListener("abort", () => fiber.interruptUnsafe(), { once: true })
  }
  return Effect.runPromise(Fiber.join(fiber))
}
