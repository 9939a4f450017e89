/** Checks the claims of a JWT access token against a profile (RFC 9068), without its signature. */
import { isAbsent } from "../../internal/absent.ts"
import { conventionalKind } from "../../internal/token-kind.ts"
import { firstPresent, firstText, holds } from "../../internal/token-members.ts"
import type { TokenCheck } from "../../ports/errors.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { When } from "../../ports/token-profile.ts"
import { type Header, type Json, parseObject } from "./jwt.ts"

/** Claims that have passed the checks which do not depend on the time. */
export interface CheckedClaims {
  readonly claims: Json
  /**
   * Whether the signature alone shows that this is an access token. Otherwise it may be one: the format of the server's
   * access tokens is not known.
   */
  readonly isAccessToken: boolean
}

/** Parses the claims and checks everything that does not depend on the time. Returns the failed check. */
export const claimsOf = (text: string, header: Header, profile: JwtProfile): CheckedClaims | TokenCheck => {
  const claims = parseObject(text)
  if (claims === undefined) return "format"
  const { iss, exp, nbf, iat, sub } = claims
  if (typeof iss !== "string" || !profile.issuers.includes(iss)) return "issuer"
  if (!isTime(exp) || !isTimeOrAbsent(nbf) || !isTimeOrAbsent(iat)) return "format"
  if (!isTextOrAbsent(sub)) return "format"
  for (const name of profile.client) if (!isTextOrAbsent(claims[name])) return "format"
  const isAccessToken = accessChecks.every(({ passes }) => passes(claims, header, profile))
  if (profile.hasFormat && !isAccessToken) return "format"
  if (isOtherKind(claims, header)) return "format"
  const audience = listOf(firstPresent(claims, profile.audienceClaims))
  if (audience === undefined) return "format"
  return isAccepted(audience, profile) ? { claims, isAccessToken } : "audience"
}

/** Whether the signed audience is accepted. Otherwise the token has none, and only the server can name it. */
export const isAudienceSigned = (audience: ReadonlyArray<string>, { audience: accepted }: JwtProfile): boolean =>
  accepted === "any" || (accepted !== undefined && audience.length > 0)

/** One check that a JWT is an access token. */
export interface AccessCheck {
  readonly name: "type" | "client" | "access" | "forbidden"
  readonly passes: (claims: Json, header: Header, profile: JwtProfile) => boolean
}

/** The checks that a JWT is an access token by the profile of its server. */
export const accessChecks: ReadonlyArray<AccessCheck> = [
  { name: "type", passes: (_, { type }, { types }) => types.includes(type) },
  // An ID token has no client id: RFC 9068 section 2.2 requires it of access tokens.
  {
    name: "client",
    passes: (claims, _, { client, clientUnsaid }) => clientUnsaid || firstText(claims, client) !== undefined,
  },
  {
    name: "access",
    passes: (claims, header, { access, scopes }) =>
      access.every((when) => holds(when, subjectOf(claims, header)) && hasType(when, claims, scopes)),
  },
  { name: "forbidden", passes: (claims, _, { forbidden }) => forbidden.every((name) => isMissing(claims[name])) },
]

/** Whether the token shows that it is not an access token. */
const isOtherKind = (claims: Json, header: Header): boolean => {
  const kind = conventionalKind(subjectOf(claims, header))
  return kind !== undefined && kind !== "access_token"
}

/** The token as a condition sees it. Its text is not needed: no condition on a JWT's text is part of a JWT format. */
export const subjectOf = (claims: Json, { fields }: Header) => ({
  token: "",
  members: claims,
  header: () => fields,
  isAnswer: false,
})

const isAccepted = (audience: ReadonlyArray<string>, { audience: accepted, audienceUnsaid }: JwtProfile): boolean => {
  if (accepted === undefined || accepted === "any") return true
  if (audience.length === 0) return audienceUnsaid
  for (const each of accepted) if (audience.includes(each)) return true
  return false
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

const isTextOrAbsent = (value: unknown): boolean => typeof value === "string" || isMissing(value)

/** The claims whose value is a string (RFC 7519 section 4.1, RFC 9068 section 2.2, OpenID Connect Core section 2). */
const textClaims: ReadonlySet<string> = new Set(["iss", "sub", "jti", "client_id", "azp", "sid", "acr"])

/** Whether a required claim has its type. The types of the dates are checked separately. */
const hasType = ({ in: place, name = "", absent }: When, claims: Json, scopes: ReadonlyArray<string>): boolean => {
  if (absent === true || place === "header" || place === "token") return true
  if (textClaims.has(name)) return typeof claims[name] === "string"
  return scopes.includes(name) ? listOf(claims[name]) !== undefined : true
}

/** Seconds since 1970 that a `Date` can represent. */
export const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12

const isTimeOrAbsent = (value: unknown): boolean => isAbsent(value) || isTime(value)

export const listOf = (value: unknown): ReadonlyArray<string> | undefined => {
  if (isAbsent(value)) return []
  if (typeof value === "string") return [value]
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined
}

/** Returns whether the claims are valid at this time: the only check whose result changes for a token. */
export const isValidAt = (claims: Json, { clockSkew }: JwtProfile, now: number): boolean =>
  Number(claims.exp) * 1000 + clockSkew * 1000 > now &&
  (claims.nbf === undefined || Number(claims.nbf) * 1000 - clockSkew * 1000 <= now) &&
  (claims.iat === undefined || Number(claims.iat) * 1000 - clockSkew * 1000 <= now)
