/** What a vendor said of a token, as it is remembered and handed out. */
import type { ActiveToken, TokenState } from "../ports/introspection.ts"
import { settle } from "./settle.ts"

/** An answer, when it was asked for, when its token ends, and what it weighs. */
export interface Fact {
  /** The answer as it came, until the first caller takes it. */
  own: TokenState | undefined
  /** The answer as text, until a second caller comes: one string is a tenth of the work for the collector. */
  text: string | undefined
  /** The answer for all others. */
  state: TokenState | undefined
  readonly isActive: boolean
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds since 1970; infinite where the vendor does not say. */
  readonly endsAt: number
  readonly bytes: number
}

/** What an entry costs beside its value, and what a letter of the text costs when it has been taken apart; nearly so. */
const weight = { place: 300, letter: 4 }

/** Makes a fact. */
export const factOf = (given: TokenState, at: number): Fact => {
  const text = given.active ? written(given) : undefined
  return {
    own: given,
    text,
    state: given.active ? undefined : given,
    isActive: given.active,
    at,
    endsAt: (given.active ? given.expiresAt?.getTime() : undefined) ?? Number.POSITIVE_INFINITY,
    bytes: weight.place + weight.letter * (text?.length ?? 0),
  }
}

/** All that is in an answer is JSON but its dates, which are written as numbers: that is quicker than their own way. */
const written = (token: ActiveToken): string =>
  JSON.stringify({
    ...token,
    issuedAt: token.issuedAt?.getTime(),
    notBefore: token.notBefore?.getTime(),
    expiresAt: token.expiresAt?.getTime(),
    source: { ...token.source, live: token.source.live?.getTime(), local: token.source.local?.getTime() },
  })

const read = (text: string): ActiveToken => {
  const token = JSON.parse(text) as ActiveToken
  dated(token, ["issuedAt", "notBefore", "expiresAt"])
  dated(token.source, ["live", "local"])
  settle(token)
  return token
}

/** A `Date` can be changed even in what is frozen, so each reading of one gives another. */
const dated = <A extends object>(value: A, names: ReadonlyArray<keyof A>): void => {
  for (const name of names) {
    const time = value[name]
    if (typeof time === "number") Object.defineProperty(value, name, { get: () => new Date(time), enumerable: true })
  }
}

/** Hands an answer out: as it came to the first caller, and to all others as one object that nobody can change. */
export const stateOf = (fact: Fact): TokenState => {
  const { own } = fact
  fact.own = undefined
  if (own !== undefined) return own
  if (fact.state === undefined) {
    fact.state = read(fact.text ?? "")
    fact.text = undefined
  }
  return fact.state
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
