/** One request for concurrent exchanges of one code: a code works once, and a double click sends it twice. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "../../ports/errors.ts"
import type { Tokens, Transaction } from "../../ports/issuance.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Policy } from "./layer.ts"
import { sharedTokens } from "./shared-tokens.ts"

type Exchange = (
  callbackUrl: string | URL,
  transaction: Transaction,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

/** Answers concurrent exchanges with the same callback and transaction from one request. */
export const exchangeSingleFlight: Policy = (provider) => {
  const share = sharedTokens(provider, "exchange")
  const shared =
    (method: Exchange): Exchange =>
    (callbackUrl, transaction, ...more) =>
      share(method(callbackUrl, transaction, ...more), () =>
        JSON.stringify([callbackOf(callbackUrl), sorted(Object.entries(Object(transaction) as object))]),
      )
  return (operation, inner) =>
    operation === "exchange" ? { ...inner, call: shared(inner.call as Exchange) as AnyMethod } : inner
}

/** The parts of a callback that an exchange checks: a caller with another state must not get these tokens. */
const callbackOf = (callbackUrl: string | URL): unknown => {
  const url = URL.parse(callbackUrl)
  return url === null ? String(callbackUrl) : [url.origin, url.pathname, sorted(Array.from(url.searchParams))]
}

/** Sorted by name: a stored transaction may return with its members in another order. */
const sorted = <Entry extends readonly [string, unknown]>(entries: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
