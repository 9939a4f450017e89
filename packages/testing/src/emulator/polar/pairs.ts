import { prefixes, randomToken } from "./random-token.ts"
import type { Polar, SubjectType, TokenPair } from "./state.ts"

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

/** Keeps a pair under both its halves. */
export const keepPair = (polar: Polar, pair: TokenPair): TokenPair => {
  polar.pairs.set(pair.accessToken, pair)
  if (pair.refreshToken !== undefined) polar.pairs.set(pair.refreshToken, pair)
  return pair
}

/** Issues an access token, and a refresh token where there is to be one. */
export const issuePair = (polar: Polar, { refreshable, ...pair }: NewPair): TokenPair =>
  keepPair(polar, {
    ...pair,
    accessToken: randomToken(prefixes.accessToken[pair.subjectType]),
    refreshToken: refreshable ? randomToken(prefixes.refreshToken[pair.subjectType]) : undefined,
    issuedAt: Math.floor(polar.now() / 1000),
    startsAt: polar.now() + polar.readings.commitLagMs,
    endsAt: Number.POSITIVE_INFINITY,
  })

/** Ends both halves of a pair. */
export const endPair = (polar: Polar, pair: TokenPair): void => {
  pair.endsAt = Math.min(pair.endsAt, polar.now() + polar.readings.commitLagMs)
}

/** The pair of a token that was neither revoked nor exchanged; a kind is an exact filter, without one either half will do. */
export const pairOf = (polar: Polar, token: string, kind: TokenKind | undefined): TokenPair | undefined => {
  const pair = polar.pairs.get(token)
  if (pair === undefined) return undefined
  if (kind === "access_token" && pair.accessToken !== token) return undefined
  if (kind === "refresh_token" && pair.refreshToken !== token) return undefined
  const now = polar.now()
  return pair.startsAt <= now && now < pair.endsAt ? pair : undefined
}

/** Whether the access half has run out; the refresh half never does. */
export const isExpired = (polar: Polar, pair: TokenPair): boolean =>
  (pair.issuedAt + pair.expiresIn) * 1000 <= polar.now()

/** Whether the user of a pair is there and not blocked; organizations always are. */
export const subjectIsGood = (polar: Polar, pair: TokenPair): boolean =>
  pair.subjectType === "organization" || polar.users.get(pair.subject)?.blocked === false

/** Whether a pair's access token opens the API. */
export const accessTokenIsGood = (polar: Polar, pair: TokenPair): boolean => {
  if (isExpired(polar, pair) || !subjectIsGood(polar, pair)) return false
  return polar.readings.deletedClientTokens === "live" || polar.clients.get(pair.clientId)?.deleted !== true
}
