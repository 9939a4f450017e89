/** The tokens that a test chooses, and the results of `introspect`. */
import * as Effect from "effect/Effect"
import { type ActiveToken, AuthError, type Reason, type TokenState } from "latchkey"

/** The members of an active token. Defaults: an access token without audience and claims, answered live and now. */
export type TestTokenMembers = Partial<Omit<ActiveToken, "active">> & { readonly active?: true }

/** The state of a token: the members of an active one, an inactive one, or the reason with which the call fails. */
export type TestToken = TestTokenMembers | "inactive" | { readonly active: false } | AuthError | Reason

/** A token of a test: its state, or a function that returns the state or a promise of it. */
export type GivenToken = TestToken | (() => TestToken | Promise<TestToken>)

/** The reason of an unreachable vendor, for tests of an outage. */
export const unavailable: Reason = { _tag: "Unavailable", detail: "the test makes the vendor unavailable" }

const members: Readonly<Record<keyof ActiveToken, true>> = {
  ...{ active: true, use: true, subject: true, subjectType: true, clientId: true, username: true, issuer: true },
  ...{ tokenId: true, audience: true, scopes: true, issuedAt: true, notBefore: true, expiresAt: true },
  ...{ confirmation: true, acr: true, authTime: true, sessionId: true, authorizationDetails: true },
  ...{ claims: true, source: true },
}

const lists = ["scopes", "audience"] as const
const dates = ["issuedAt", "notBefore", "expiresAt", "authTime"] as const

/** Throws a `TypeError` for a token that introspection could not return. */
export const checkTokens = (tokens: Readonly<Record<string, GivenToken>>): void => {
  if (typeof tokens !== "object" || tokens === null)
    throw new TypeError('tokens: expected an object such as { good: { subject: "u1", scopes: ["orders:read"] } }')
  for (const [token, given] of Object.entries(tokens)) {
    // The text is not repeated: a test may run with a real token.
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new TypeError("tokens: expected names of visible ASCII characters, because no token has others")
    if (typeof given !== "function") checkToken(token, given)
  }
}

const checkToken = (token: string, given: TestToken): void => {
  const problem = problemOf(given)
  if (problem !== undefined) throw new TypeError(`tokens[${JSON.stringify(token.slice(0, 20))}]: ${problem}`)
}

const problemOf = (given: TestToken): string | undefined => {
  if (given === "inactive" || given instanceof AuthError) return undefined
  if (typeof given !== "object" || given === null)
    return 'expected the members of an active token, "inactive", or the reason of a failure such as `unavailable`'
  if ("_tag" in given) return undefined
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(members, name))
  if (unknown !== undefined) return `unknown member "${unknown}"; expected some of ${Object.keys(members).join(", ")}`
  if (given.active === false) return undefined
  const notList = lists.find((name) => given[name] !== undefined && !Array.isArray(given[name]))
  if (notList !== undefined) return `${notList}: expected a list of texts`
  // Not `instanceof`: fake timers replace the class.
  const notDate = dates.find((name) => given[name] !== undefined && typeof given[name]?.getTime !== "function")
  return notDate === undefined ? undefined : `${notDate}: expected a Date`
}

/** Returns the result of `introspect`, as a vendor would: a token of the other kind, or out of its time, is inactive. */
export const stateOf = (
  token: string,
  given: GivenToken | undefined,
  expect: ActiveToken["use"],
  now: number,
): Effect.Effect<TokenState, Reason | AuthError> =>
  Effect.flatMap(
    typeof given === "function" ? Effect.promise(async () => given()) : Effect.succeed(given ?? "inactive"),
    (found) => {
      checkToken(token, found)
      if (found === "inactive") return Effect.succeed({ active: false })
      if ("_tag" in found) return Effect.fail(found)
      return Effect.succeed(found.active === false ? { active: false } : activeToken(found, expect, now))
    },
  )

const activeToken = (given: TestTokenMembers, expect: ActiveToken["use"], now: number): TokenState => {
  const state: ActiveToken = {
    ...{ use: "access_token", audience: [], claims: {}, source: { live: new Date(now), stale: false } },
    ...given,
    active: true,
  }
  const isInTime = now < (state.expiresAt?.getTime() ?? Infinity) && now >= (state.notBefore?.getTime() ?? 0)
  return state.use === expect && isInTime ? state : { active: false }
}
