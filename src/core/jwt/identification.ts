/** Converts the claims of a valid JWT to a token state. */
import { addFacts, authTimeOf } from "../../internal/token-facts.ts"
import { firstPresent, firstText, scopesOf, subjectTypeOf } from "../../internal/token-members.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import { isTime, listOf, subjectOf } from "./claims.ts"
import type { Header, Json } from "./jwt.ts"

/** The part of a token state that does not depend on when the token is presented. */
export type Identification = Omit<ActiveToken, "source" | "issuedAt" | "notBefore" | "expiresAt" | "authTime">

/** Converts checked claims to a token state, without its dates. */
export const identificationOf = (claims: Json, header: Header, profile: JwtProfile): Identification => {
  const { sub, iss, jti } = claims
  const clientId = firstText(claims, profile.client)
  const scopes = scopesOf(claims, profile.scopes)
  const identification: { -readonly [Name in keyof Identification]: Identification[Name] } = {
    active: true,
    use: "access_token",
    audience: listOf(firstPresent(claims, profile.audienceClaims)) ?? [],
    claims,
  }
  const type = subjectTypeOf(clientId, subjectOf(claims, header), profile)
  if (type !== undefined) identification.subjectType = type
  if (typeof sub === "string" && sub !== "") identification.subject = sub
  if (clientId !== undefined) identification.clientId = clientId
  if (typeof iss === "string") identification.issuer = iss
  if (typeof jti === "string" && jti !== "") identification.tokenId = jti
  if (scopes !== undefined) identification.scopes = scopes
  addFacts(identification, claims)
  return identification
}

/** Returns a token state with dates of its own. `validatedAt`: when the signature was verified. */
export const tokenOf = (identification: Identification, validatedAt: Date): ActiveToken => {
  const { exp, nbf, iat } = identification.claims
  const token: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = {
    ...identification,
    ...(isTime(iat) && { issuedAt: new Date(iat * 1000) }),
    ...(isTime(nbf) && { notBefore: new Date(nbf * 1000) }),
    expiresAt: new Date(Number(exp) * 1000),
    source: { local: validatedAt, stale: false },
  }
  const authTime = authTimeOf(identification.claims)
  if (authTime !== undefined) token.authTime = authTime
  return token
}
