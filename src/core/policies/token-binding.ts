/** The option `binding` of `introspect`: a token that is bound to a key is active only for the holder of that key. */
import * as Effect from "effect/Effect"
import { isRejected } from "../../internal/rejected-call.ts"
import { bindingProblem } from "../../internal/token-binding.ts"
import { AuthError } from "../../ports/errors.ts"
import type { ProvenKeys, TokenState } from "../../ports/introspection.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Layer, Policy } from "./layer.ts"

const inactive: TokenState = Object.freeze({ active: false })

/**
 * Compares the binding of a token with the keys whose possession the caller has proven.
 *
 * It is outside the caches, which hold the vendor's answers, and inside the timeout, whose fallback must not bypass it.
 */
export const tokenBinding: Policy =
  ({ id }) =>
  (operation, inner) =>
    operation === "introspect" ? boundLayer(id, inner) : inner

const boundLayer = (provider: string, inner: Layer): Layer => {
  const { getIfPresent, fallback } = inner
  const call: AnyMethod = (...args) => {
    if (!hasBinding(args)) return inner.call(...args)
    const reason = problemOf(args[1].binding)
    if (reason !== undefined) return Effect.fail(new AuthError({ provider, operation: "introspect", reason }))
    const state = inner.call(...withoutBinding(args))
    return isRejected(state) ? state : Effect.map(state, judgeFor(args))
  }
  return {
    ...inner,
    call,
    ...(getIfPresent !== undefined && {
      getIfPresent: (args: ReadonlyArray<unknown>) => {
        if (!hasBinding(args)) return getIfPresent(args)
        if (problemOf(args[1].binding) !== undefined) return undefined
        const judge = (state: unknown) => (state === undefined ? undefined : judgeFor(args)(state))
        const state = getIfPresent(withoutBinding(args))
        return state instanceof Promise ? state.then(judge) : judge(state)
      },
    }),
    ...(fallback !== undefined && {
      fallback: (args: ReadonlyArray<unknown>, error: AuthError) =>
        hasBinding(args) ? Effect.map(fallback(withoutBinding(args), error), judgeFor(args)) : fallback(args, error),
    }),
  }
}

type BoundArguments = readonly [
  token: unknown,
  options: { readonly binding: ProvenKeys },
  ...more: ReadonlyArray<unknown>,
]

const hasBinding = (args: ReadonlyArray<unknown>): args is BoundArguments => {
  const options = args[1]
  return typeof options === "object" && options !== null && "binding" in options
}

/** The arguments for the layers below: without options, if there is no other option. */
const withoutBinding = ([token, { binding: _, ...others }, ...more]: BoundArguments): ReadonlyArray<unknown> =>
  Object.keys(others).length === 0 && more.length === 0 ? [token] : [token, others, ...more]

const judgeFor =
  ([, { binding }]: BoundArguments) =>
  (result: unknown): TokenState => {
    const state = result as TokenState
    return state.active && bindingProblem(state.confirmation, binding) !== undefined ? inactive : state
  }

const members: ReadonlySet<string> = new Set(["jkt", "x5tS256"])

/** A SHA-256 hash in base64url. */
const thumbprint = /^[\w-]{43}$/

/** Returns the problem of a `binding`. `undefined` is wrong too, because it could be a forgotten proof. */
const problemOf = (binding: unknown): AuthError["reason"] | undefined => {
  if (typeof binding !== "object" || binding === null || Array.isArray(binding))
    return invalid("binding", "expected { jkt } or { x5tS256 }, or {} if no key is proven")
  for (const [name, value] of Object.entries(binding)) {
    if (!members.has(name)) return invalid("binding", "expected no members besides jkt and x5tS256")
    if (value !== undefined && !(typeof value === "string" && thumbprint.test(value)))
      return invalid(`binding.${name}`, "expected a SHA-256 thumbprint: 43 characters of base64url")
  }
  return undefined
}

const invalid = (field: string, detail: string): AuthError["reason"] => ({ _tag: "InvalidRequest", field, detail })
