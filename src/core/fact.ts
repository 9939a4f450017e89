/** What a vendor said of a token, as it is remembered and handed out. */
import type { ActiveToken, TokenState } from "../ports/introspection.ts"
import { settle } from "./settle.ts"

/** An answer, when it was asked for, and what it weighs. */
export interface Fact {
  readonly state: TokenState
  /** Milliseconds since 1970. */
  readonly at: number
  readonly bytes: number
}

/** What an entry costs beside its value: its name and its place. */
const place = 120

/** Makes a fact. From now on nothing in the answer can be changed: several callers are given the same. */
export const factOf = (state: TokenState, at: number): Fact => ({ state, at, bytes: place + settle(state) })

/** Says whether a fact may still serve: it is young enough, by a clock that has not been set back, and not past `exp`. */
export const serves = ({ state, at }: Fact, now: number, maxAge: number): boolean => {
  const age = now - at
  return (
    age >= 0 && age <= maxAge && (!state.active || state.expiresAt === undefined || state.expiresAt.getTime() > now)
  )
}

/** Hands a fact out, with dates that are the caller's own. */
export const stateOf = ({ state }: Fact, stale: boolean): TokenState => (state.active ? copyOf(state, stale) : state)

const copyOf = (token: ActiveToken, stale: boolean): ActiveToken => {
  const { issuedAt, notBefore, expiresAt, source } = token
  const copy: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = { ...token }
  if (issuedAt !== undefined) copy.issuedAt = new Date(issuedAt)
  if (notBefore !== undefined) copy.notBefore = new Date(notBefore)
  if (expiresAt !== undefined) copy.expiresAt = new Date(expiresAt)
  const { live, local } = source
  copy.source = {
    ...(live !== undefined && { live: new Date(live) }),
    ...(local !== undefined && { local: new Date(local) }),
    stale,
  }
  return copy
}
