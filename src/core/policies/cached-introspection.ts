/** A cached introspection, and the token states that its callers get. */

import { type SourceText, sourceTextOf } from "../../internal/source-text.ts"
import { ageOf } from "../../internal/time.ts"
import type { ActiveToken, TokenState } from "../../ports/introspection.ts"
import { deepFreeze } from "./deep-freeze.ts"
import type { Requested } from "./revocations.ts"

/** The result of one introspection. Times are milliseconds since `processStart`. */
export interface CachedIntrospection extends Requested {
  readonly isActive: boolean
  /** The token state for all callers but the first; made for the second caller. Absent if it is larger than `bytes`. */
  shared: TokenState | undefined
  readonly source: SourceText
  /** When the request started. */
  readonly requestedAt: number
  /** The token's `exp`; infinite if the vendor does not report one. */
  readonly expiresAt: number
  /** When the token was last introspected again because of a revocation. */
  revalidatedAt: number | undefined
  readonly bytes: number
}

/** Later times are small numbers relative to it, which V8 stores in the object itself; since 1970 each would be an object. */
const processStart = Date.now()

/** Estimated bytes of an entry apart from its content: key and place in the map. */
const entryOverhead = 300

/**
 * Makes an entry from a token state, the time of its request in milliseconds since 1970, and the parties of its token.
 */
export const cachedIntrospection = (
  state: TokenState,
  requestedAt: number,
  { subject, client, session, revocations }: Omit<Requested, "compared">,
): CachedIntrospection => {
  const source = sourceTextOf(state) ?? frozen(state)
  const expiresAt = state.active ? state.expiresAt?.getTime() : undefined
  return {
    isActive: state.active,
    shared: undefined,
    source,
    requestedAt: requestedAt - processStart,
    expiresAt: expiresAt === undefined || Number.isNaN(expiresAt) ? Number.POSITIVE_INFINITY : expiresAt - processStart,
    subject,
    client,
    session,
    revocations,
    compared: revocations,
    revalidatedAt: undefined,
    bytes: entryOverhead + source.bytes,
  }
}

/** For a token state without a source text: keeps the object itself, frozen, and copies its dates. */
const frozen = (state: TokenState): SourceText => {
  const bytes = deepFreeze(state)
  if (!state.active) return { bytes, reparse: () => state }
  const times = timesOf(state)
  // The result of `withFreshDates` can be frozen and passed to it again.
  return { bytes, reparse: () => withFreshDates(state, times) }
}

/** The dates of a token, in the order in which `withFreshDates` takes them. */
const timesOf = ({
  issuedAt,
  notBefore,
  expiresAt,
  authTime,
  source: { live, local },
}: ActiveToken): ReadonlyArray<number> => [
  issuedAt?.getTime() ?? Number.NaN,
  notBefore?.getTime() ?? Number.NaN,
  expiresAt?.getTime() ?? Number.NaN,
  live?.getTime() ?? Number.NaN,
  local?.getTime() ?? Number.NaN,
  authTime?.getTime() ?? Number.NaN,
]

/** Returns the token state of an entry: one immutable object for all callers but the first, who has the original. */
export const stateOf = (entry: CachedIntrospection): TokenState => {
  if (entry.shared !== undefined) return entry.shared
  const state = entry.source.reparse()
  const bytes = deepFreeze(state)
  const shared = state.active ? withFreshDates(state, timesOf(state)) : state
  // A state that is larger than estimated is parsed each time, so that the cache stays within its bound.
  if (bytes <= entry.bytes) entry.shared = shared
  return shared
}

/** Returns a copy whose date members create a new `Date` at each read: a `Date` is mutable even when it is frozen. */
const withFreshDates = (token: ActiveToken, times: ReadonlyArray<number>): ActiveToken => {
  const [issuedAt, notBefore, expiresAt, live, local, authTime] = times
  const source = withDates(token.source, { live, local })
  return withDates({ ...token, source }, { issuedAt, notBefore, expiresAt, authTime })
}

/** The member that holds the times of the dates, in milliseconds since 1970. It is not enumerable. */
const timesOfDates: unique symbol = Symbol("latchkey.times")

interface WithTimes {
  readonly [timesOfDates]: Readonly<Record<string, number>>
}

const dateNames = ["issuedAt", "notBefore", "expiresAt", "authTime", "live", "local"] as const

/** Shared by all states: with a getter of its own, each state would have a shape of its own, which is slow to read. */
const dateGetters = new Map<string, PropertyDescriptor>(
  dateNames.map((name) => [
    name,
    {
      get(this: WithTimes) {
        return new Date(this[timesOfDates][name] ?? Number.NaN)
      },
      enumerable: true,
    },
  ]),
)

const withDates = <A extends object>(value: A, times: Readonly<Record<string, number | undefined>>): A => {
  const copy: Record<string, unknown> = {}
  const known: Record<string, number> = {}
  Object.defineProperty(copy, timesOfDates, { value: known })
  for (const [name, member] of Object.entries(value)) {
    const time = times[name]
    const getter = dateGetters.get(name)
    if (time === undefined || Number.isNaN(time) || getter === undefined) copy[name] = member
    else {
      known[name] = time
      Object.defineProperty(copy, name, getter)
    }
  }
  return Object.freeze(copy) as A
}

/** Returns whether an entry may be used: it is young enough, the clock has not moved back, and `exp` has not passed. */
export const isUsable = ({ requestedAt, expiresAt }: CachedIntrospection, now: number, maxAge: number): boolean => {
  const age = now - processStart - requestedAt
  return age >= 0 && age <= maxAge && now - processStart < expiresAt
}

/** Returns whether an entry is from the future: the clock has moved back since its request. */
export const isFromFuture = ({ requestedAt }: CachedIntrospection, now: number): boolean =>
  requestedAt > now - processStart

/**
 * Returns whether a token may be introspected again because of a revocation. `interval`: the shortest time between two,
 * in milliseconds.
 */
export const mayRevalidate = ({ revalidatedAt }: CachedIntrospection, now: number, interval: number): boolean =>
  revalidatedAt === undefined || ageOf(revalidatedAt, now - processStart) >= interval

/** Notes that a token is introspected again because of a revocation. */
export const noteRevalidation = (entry: CachedIntrospection, now: number): void => {
  entry.revalidatedAt = now - processStart
}

/** Returns a token state as one that replaces an error. */
export const staleOf = (state: TokenState): TokenState =>
  state.active ? { ...state, source: { ...state.source, stale: true } } : state
