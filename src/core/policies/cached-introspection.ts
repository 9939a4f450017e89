/** What a vendor said of a token, as it is remembered and handed out. */
import type { ActiveToken, TokenState } from "../../ports/introspection.ts"
import { type Original, originalOf } from "../../internal/source-text.ts"
import { settle } from "./deep-freeze.ts"

/** An answer, when it was asked for, when its token ends, and what it weighs. */
export interface Fact {
  readonly isActive: boolean
  /** The answer for all but the first caller, made when there is another; unless it weighs more than it should. */
  shared: TokenState | undefined
  readonly original: Original
  /** Milliseconds since `began`. */
  readonly at: number
  /** Milliseconds since `began`; infinite where the vendor does not say. */
  readonly endsAt: number
  readonly bytes: number
}

/** Times from here on are small numbers, which V8 keeps in the fact itself; of those since 1970 it makes an object each. */
const began = Date.now()

/** What an entry costs beside what it holds: its name and its place; nearly so. */
const place = 300

/** Makes a fact of an answer and the time when it was asked for, in milliseconds since 1970. */
export const factOf = (given: TokenState, at: number): Fact => {
  const original = originalOf(given) ?? frozen(given)
  const ends = given.active ? given.expiresAt?.getTime() : undefined
  return {
    isActive: given.active,
    shared: undefined,
    original,
    at: at - began,
    endsAt: ends === undefined || Number.isNaN(ends) ? Number.POSITIVE_INFINITY : ends - began,
    bytes: place + original.bytes,
  }
}

/** An answer of which nobody knows what it was read from: it is kept as it is, and what callers could change is copied. */
const frozen = (given: TokenState): Original => {
  const bytes = settle(given)
  if (!given.active) return { bytes, again: () => given }
  const times = timesOf(given)
  // What `lasting` made can be settled and made lasting once more.
  return { bytes, again: () => lasting(given, times) }
}

/** Its dates, in the order that `lasting` takes them in. */
const timesOf = ({ issuedAt, notBefore, expiresAt, source: { live, local } }: ActiveToken): ReadonlyArray<number> => [
  issuedAt?.getTime() ?? Number.NaN,
  notBefore?.getTime() ?? Number.NaN,
  expiresAt?.getTime() ?? Number.NaN,
  live?.getTime() ?? Number.NaN,
  local?.getTime() ?? Number.NaN,
]

/** Hands an answer out to all but the first caller, who has it as it came: one object, in which nothing can be changed. */
export const stateOf = (fact: Fact): TokenState => {
  if (fact.shared !== undefined) return fact.shared
  const state = fact.original.again()
  const bytes = settle(state)
  const shared = state.active ? lasting(state, timesOf(state)) : state
  // One that turns out to weigh more than was thought is made each time: what is kept stays within its bound.
  if (bytes <= fact.bytes) fact.shared = shared
  return shared
}

/** A `Date` can be changed even in what is frozen, so each reading of one gives another. */
const lasting = (token: ActiveToken, times: ReadonlyArray<number>): ActiveToken => {
  const [issuedAt, notBefore, expiresAt, live, local] = times
  const source = dated(token.source, { live, local })
  return dated({ ...token, source }, { issuedAt, notBefore, expiresAt })
}

const dated = <A extends object>(value: A, times: Readonly<Record<string, number | undefined>>): A => {
  const copy = { ...value }
  for (const [name, time] of Object.entries(times))
    if (time !== undefined && !Number.isNaN(time))
      Object.defineProperty(copy, name, { get: () => new Date(time), enumerable: true })
  return Object.freeze(copy)
}

/** Says whether a fact may still serve: it is young enough, by a clock that has not been set back, and not past `exp`. */
export const serves = ({ at, endsAt }: Fact, now: number, maxAge: number): boolean => {
  const age = now - began - at
  return age >= 0 && age <= maxAge && now - began < endsAt
}

/** Says whether a fact is from a time that has not come, by a clock that was set back since. */
export const isAhead = ({ at }: Fact, now: number): boolean => at > now - began

/** The same answer, where it serves because there is no other. */
export const staleOf = (fact: Fact): TokenState => {
  const state = stateOf(fact)
  return state.active ? { ...state, source: { ...state.source, stale: true } } : state
}
