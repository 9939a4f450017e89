/** What a vendor said of a token, as it is remembered and handed out. */
import type { ActiveToken, TokenState } from "../ports/introspection.ts"
import { settle } from "./settle.ts"

/** An answer, when it was asked for, when its token ends, and what it weighs. */
export interface Fact {
  /** The answer as it came, until the first caller takes it. */
  own: TokenState | undefined
  /** The answer for all others; its dates may be changed by nobody who has it once it has been handed out. */
  state: TokenState
  isShared: boolean
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds since 1970; infinite where the vendor does not say. */
  readonly endsAt: number
  readonly bytes: number
}

/** What an entry costs beside its value: its name and its place. */
const place = 120

/** Makes a fact. What is in the answer cannot be changed from now on, but for its own members and dates. */
export const factOf = (given: TokenState, at: number): Fact => ({
  own: given,
  state: given.active ? copyOf(given) : given,
  isShared: !given.active,
  at,
  endsAt: (given.active ? given.expiresAt?.getTime() : undefined) ?? Number.POSITIVE_INFINITY,
  bytes: place + weigh(given),
})

const weigh = (given: TokenState): number => {
  if (!given.active) return 0
  const { claims, audience, scopes } = given
  return settle(claims) + settle(audience) + (scopes === undefined ? 0 : settle(scopes))
}

const copyOf = (token: ActiveToken): ActiveToken => {
  const { issuedAt, notBefore, expiresAt, source } = token
  const copy: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = { ...token, source: { ...source } }
  if (issuedAt !== undefined) copy.issuedAt = new Date(issuedAt)
  if (notBefore !== undefined) copy.notBefore = new Date(notBefore)
  if (expiresAt !== undefined) copy.expiresAt = new Date(expiresAt)
  return copy
}

/**
 * Hands an answer out: as it came to the first caller, and to all others as one object that cannot be changed. That one is made
 * when there is a second caller, for most answers never have one.
 */
export const stateOf = (fact: Fact): TokenState => {
  const { own } = fact
  if (own !== undefined) {
    fact.own = undefined
    return own
  }
  if (!fact.isShared && fact.state.active) {
    fact.state = lasting({ ...fact.state, source: lasting({ ...fact.state.source }) })
    fact.isShared = true
  }
  return fact.state
}

/** A `Date` can be changed even in what is frozen, so each reading of one gives another. */
const lasting = <A extends object>(value: A): A => {
  for (const [name, member] of Object.entries(value)) {
    if (!(member instanceof Date)) continue
    const time = member.getTime()
    Object.defineProperty(value, name, { get: () => new Date(time), enumerable: true })
  }
  return Object.freeze(value)
}

/** Says whether a fact may still serve: it is young enough, by a clock that has not been set back, and not past `exp`. */
export const serves = ({ at, endsAt }: Fact, now: number, maxAge: number): boolean => {
  const age = now - at
  return age >= 0 && age <= maxAge && now < endsAt
}

/** The same answer, where it serves because there is no other. */
export const staleOf = (fact: Fact): TokenState => {
  const state = stateOf(fact)
  return state.active ? { ...state, source: { ...state.source, stale: true } } : state
}
