/** What a vendor said of a token, as it is remembered and handed out. */
import type { ActiveToken, TokenState } from "../ports/introspection.ts"
import { settle } from "./settle.ts"

/** An answer, when it was asked for, when its token ends, and what it weighs. */
export interface Fact {
  /** The answer as it came: the first caller's. Only its dates can be changed. */
  readonly own: TokenState
  /** Its dates, as they came; in the order of {@link dates}. */
  readonly times: ReadonlyArray<number>
  /** Whether the first caller has got it. */
  isTaken: boolean
  /** The answer for all others, made when there is one. */
  shared: TokenState | undefined
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds since 1970; infinite where the vendor does not say. */
  readonly endsAt: number
  readonly bytes: number
}

/** What an entry costs beside what it holds: its name, its place, the answer and its dates; nearly so. */
const place = 1000

/** Makes a fact. */
export const factOf = (given: TokenState, at: number): Fact => {
  const times = given.active ? timesOf(given) : []
  const ends = times[2] ?? Number.NaN
  return {
    own: given,
    times,
    isTaken: false,
    shared: undefined,
    at,
    endsAt: Number.isNaN(ends) ? Number.POSITIVE_INFINITY : ends,
    bytes: place + settle(given),
  }
}

const timesOf = ({ issuedAt, notBefore, expiresAt, source: { live, local } }: ActiveToken): ReadonlyArray<number> => [
  issuedAt?.getTime() ?? Number.NaN,
  notBefore?.getTime() ?? Number.NaN,
  expiresAt?.getTime() ?? Number.NaN,
  live?.getTime() ?? Number.NaN,
  local?.getTime() ?? Number.NaN,
]

/** Hands an answer out: as it came to the first caller, and to all others as one object in which nothing can be changed. */
export const stateOf = (fact: Fact): TokenState => {
  const { own } = fact
  if (!own.active) return own
  if (fact.isTaken) {
    fact.shared ??= lasting(own, fact.times)
    return fact.shared
  }
  fact.isTaken = true
  return own
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
  const age = now - at
  return age >= 0 && age <= maxAge && now < endsAt
}

/** The same answer, where it serves because there is no other. */
export const staleOf = (fact: Fact): TokenState => {
  const state = stateOf(fact)
  return state.active ? { ...state, source: { ...state.source, stale: true } } : state
}
