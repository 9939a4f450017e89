/** Introspects a token with a client of the Promise API or of the Effect API. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type IfPresent, ifPresentOf } from "../internal/if-present.ts"
import type { AuthError } from "../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../ports/introspection.ts"
import type { GuardRequest } from "./request.ts"

/** The part of a client that a guard uses: of `createAuth`, of the `Auth` service, or of a test. */
export interface Introspector {
  /** The vendor's id, such as `"oidc"`. */
  readonly id: string
  readonly introspect: (
    token: string,
    options?: IntrospectOptions & { readonly signal?: AbortSignal },
  ) => Promise<TokenState> | Effect.Effect<TokenState, AuthError>
  readonly backend?: { readonly instance: string }
}

type IfAny = TokenState | undefined

export interface Asking {
  /** Returns the result that is available without a request, if any; or a promise of it. */
  readonly present: (token: string, options: IntrospectOptions) => IfAny | Promise<IfAny>
  /** Introspects a token. */
  readonly ask: (token: string, options: IntrospectOptions, request: GuardRequest) => Promise<TokenState>
}

/**
 * Makes the functions that introspect. Only the Promise API takes a signal. Its clients can be disposed of; the first
 * result of another implementation shows which API it has.
 */
export const asking = (auth: Introspector): Asking => {
  let takesSignal = Symbol.asyncDispose in auth
  const ifPresent = (auth.introspect as Partial<IfPresent>)[ifPresentOf]
  return {
    present: (token, options) => ifPresent?.([token, options]) as IfAny | Promise<IfAny>,
    ask: (token, options, request) => {
      const signal = takesSignal ? request.signal?.() : undefined
      const result = auth.introspect(token, signal === undefined ? options : { ...options, signal })
      if (Effect.isEffect(result)) return run(result, request)
      takesSignal = true
      return result
    },
  }
}

const run = <A, E>(effect: Effect.Effect<A, E>, { signal, context = Context.empty() }: GuardRequest): Promise<A> => {
  const fiber = Effect.runForkWith(context)(effect)
  if (fiber.pollUnsafe() === undefined) {
    const end = signal?.()
    const interrupt = () => fiber.interruptUnsafe()
    if (end?.aborted) interrupt()
    else if (end !== undefined) {
      end.addEventListener("abort", interrupt)
      fiber.addObserver(() => end.removeEventListener("abort", interrupt))
    }
  }
  return Effect.runPromise(Fiber.join(fiber))
}
