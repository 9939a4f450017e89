/** What a vendor said of a token, as it is remembered and handed out. */
import type { TokenState } from "../ports/introspection.ts"
import { settle } from "./settle.ts"

/** An answer, when it was asked for, when its token ends, and what it weighs. */
export interface Fact {
  /** The same for every caller: nothing in it can be changed. */
  readonly state: TokenState
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds since 1970; infinite where the vendor does not say. */
  readonly endsAt: number
  readonly bytes: number
}

/** What an entry costs beside its value: its name and its place. */
const place = 120

/** Makes a fact. */
export const factOf = (given: TokenState, at: number): Fact => {
  if (!given.active) return { state: given, at, endsAt: Number.POSITIVE_INFINITY, bytes: place + settle(given) }
  const state = lasting({ ...given, source: lasting({ ...given.source }) })
  return { state, at, endsAt: given.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY, bytes: place + settle(state) }
}

/** A `Date` can be changed even in what is frozen, so each reading of one gives another. */
const lasting = <A extends object>(value: A): A => {
  for (const [name, member] of Object.entries(value)) {
    if (!(member instanceof Date)) continue
    const time = member.getTime()
    Object.defineProperty(value, name, { get: () => new Date(time), enumerable: true })
  }
  return value
}

/** Says whether a fact may still serve: it is young enough, by a clock that has not been set back, and not past `exp`. */
export const serves = ({ at, endsAt }: Fact, now: number, maxAge: number): boolean => {
  const age = now - at
  return age >= 0 && age <= maxAge && now < endsAt
}

/** The same answer, where it serves because there is no other. */
export const staleOf = ({ state }: Fact): TokenState =>
  state.active ? { ...state, source: { ...state.source, stale: true } } : state
