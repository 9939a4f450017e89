import { prefixes, randomToken } from "./random-token.ts"
import type { Polar, TokenPair } from "./state.ts"
import type { SubjectType } from "./subject-type.ts"

export type TokenKind = "access_token" | "refresh_token"

export interface NewPair {
  readonly clientId: string
  readonly subjectType: SubjectType
  readonly subject: string
  readonly scope: string
  readonly organizations: ReadonlyArray<string>
  readonly expiresIn: number
  readonly refreshable: boolean
}

/** Stores a pair under both of its tokens. */
export const storePair = (polar: Polar, pair: TokenPair): TokenPair => {
  polar.pairs.set(pair.accessToken, pair)
  if (pair.refreshToken !== undefined) polar.pairs.set(pair.refreshToken, pair)
  return pair
}

/** Issues an access token, and a refresh token if the pair is `refreshable`. */
export const issuePair = (polar: Polar, { refreshable, ...pair }: NewPair): TokenPair =>
  storePair(polar, {
    ...pair,
    accessToken: randomToken(prefixes.accessToken[pair.subjectType]),
    refreshToken: refreshable ? randomToken(prefixes.refreshToken[pair.subjectType]) : undefined,
    issuedAt: Math.floor(polar.now() / 1000),
    startsAt: polar.now() + polar.readings.commitLagMs,
    endsAt: Number.POSITIVE_INFINITY,
  })

/** Ends both tokens of a pair. */
export const endPair = (polar: Polar, pair: TokenPair): void => {
  pair.endsAt = Math.min(pair.endsAt, polar.now() + polar.readings.commitLagMs)
}

/**
 * Returns the pair of a token, unless the token was revoked or exchanged.
 *
 * With `kind`, only a token of that kind is found.
 */
export const pairOf = (polar: Polar, token: string, kind: TokenKind | undefined): TokenPair | undefined => {
  const pair = polar.pairs.get(token)
  if (pair === undefined) return undefined
  if (kind === "access_token" && pair.accessToken !== token) return undefined
  if (kind === "refresh_token" && pair.refreshToken !== token) return undefined
  const now = polar.now()
  return pair.startsAt <= now && now < pair.endsAt ? pair : undefined
}

/** Returns whether the access token has expired. The refresh token never expires. */
export const isExpired = (polar: Polar, pair: TokenPair): boolean =>
  (pair.issuedAt + pair.expiresIn) * 1000 <= polar.now()

/** Returns whether the user of a pair exists and is not blocked. An organization is always active. */
export const isSubjectActive = (polar: Polar, pair: TokenPair): boolean =>
  pair.subjectType === "organization" || polar.users.get(pair.subject)?.blocked === false

/** Returns whether the API accepts a pair's access token. */
export const isAccessTokenValid = (polar: Polar, pair: TokenPair): boolean => {
  if (isExpired(polar, pair) || !isSubjectActive(polar, pair)) return false
  return polar.readings.deletedClientTokens === "live" || polar.clients.get(pair.clientId)?.deleted !== true
}
