/** Parsing a JWT access token and checking it against a profile (RFC 9068, RFC 8725), without its signature. */
import { signatures } from "#signature"
import { isAbsent } from "../../internal/absent.ts"
import { parseJson } from "../../internal/json.ts"
import { isShort } from "../../internal/token-text.ts"
import type { TokenCheck } from "../../ports/errors.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"

type Json = Readonly<Record<string, unknown>>

/** The members of the header that select the key. */
export interface Header {
  readonly algorithm: string
  readonly keyId: string | undefined
}

/** The parts of a token. They are untrusted until the signature has been verified. */
export interface ParsedJwt {
  readonly header: Header
  /** The signed text: header and payload, joined by a dot. */
  readonly signed: string
  readonly signature: string
  readonly payload: string
}

/** Returns whether a token looks like a JWT. Any other token is opaque. */
export const isJwt = (token: string): boolean => {
  if (!token.startsWith("eyJ")) return false
  const first = token.indexOf(".")
  // Both searches run forwards, which is the fast direction.
  return first !== -1 && token.includes(".", first + 1)
}

/** Header members that let a token choose its own key, or that need a feature that latchkey lacks. */
const rejectedMembers = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "enc", "zip"]

/**
 * Makes a function that splits a token and checks its header. It returns the failed check for a token that does not
 * match the profile. An encrypted token (five parts) fails.
 */
export const makeParser = (profile: JwtProfile): ((token: string) => ParsedJwt | TokenCheck) => {
  // Most tokens of one server have the same header.
  let last: { readonly text: string; readonly header: Header } | undefined
  return (token) => {
    if (!isShort(token)) return "format"
    const first = token.indexOf(".")
    const second = token.indexOf(".", first + 1)
    const text = token.slice(0, first)
    const signed = token.slice(0, second)
    const payload = signed.slice(first + 1)
    const signature = token.slice(second + 1)
    const header = text === last?.text ? last.header : headerOf(text, profile)
    if (typeof header === "string") return header
    // Copied: a slice keeps the whole token in memory.
    if (header !== last?.header) last = { text: Array.from(text).join(""), header }
    return { header, signed, signature, payload }
  }
}

const headerOf = (text: string, profile: JwtProfile): Header | TokenCheck => {
  const fields = decode(text)
  if (fields === undefined || rejectedMembers.some((name) => name in fields)) return "format"
  const { alg, kid, typ } = fields
  if (typeof alg !== "string" || !profile.algorithms.includes(alg)) return "signature"
  if (kid !== undefined && typeof kid !== "string") return "format"
  if (typ !== undefined && typeof typ !== "string") return "format"
  if (!profile.types.includes((typ ?? "").toLowerCase().replace(mediaType, ""))) return "format"
  return { algorithm: alg, keyId: kid }
}

/** The prefix that `typ` may omit (RFC 7515 section 4.1.9). */
const mediaType = /^application\//

const decode = (part: string): Json | undefined => {
  const text = signatures.text(part)
  return text === undefined ? undefined : parseObject(text)
}

const parseObject = (text: string): Json | undefined => {
  try {
    const value = parseJson(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

/** Parses the claims and checks everything that does not depend on the time. Returns the failed check. */
export const claimsOf = (text: string, profile: JwtProfile): Json | TokenCheck => {
  const claims = parseObject(text)
  if (claims === undefined) return "format"
  const { iss, exp, nbf, iat, aud, sub } = claims
  if (iss !== profile.issuer) return "issuer"
  if (!isTime(exp) || !isTimeOrAbsent(nbf) || !isTimeOrAbsent(iat)) return "format"
  if (!isTextOrAbsent(sub) || !isTextOrAbsent(claims[profile.clientId])) return "format"
  for (const name of profile.required) if (!isPresent(name, claims[name], profile)) return "format"
  for (const name of profile.forbidden) if (!isMissing(claims[name])) return "format"
  const audience = listOf(aud)
  if (audience === undefined) return "format"
  return isAccepted(audience, profile.audience) ? claims : "audience"
}

const isAccepted = (audience: ReadonlyArray<string>, accepted: JwtProfile["audience"]): boolean => {
  if (accepted === undefined || accepted === "any") return accepted === "any"
  for (const each of accepted) if (audience.includes(each)) return true
  return false
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

const isTextOrAbsent = (value: unknown): boolean => typeof value === "string" || isMissing(value)

/** The claims whose value is a string (RFC 7519 section 4.1, RFC 9068 section 2.2, OpenID Connect Core section 2). */
const textClaims: ReadonlySet<string> = new Set(["iss", "sub", "jti", "client_id", "azp", "sid", "acr"])

/** Whether a required claim has a value of its type. The types of the dates are checked separately. */
export const isPresent = (name: string, value: unknown, { clientId, scopes }: JwtProfile): boolean => {
  if (isMissing(value)) return false
  if (textClaims.has(name) || name === clientId) return typeof value === "string" && value !== ""
  return scopes.includes(name) ? listOf(value) !== undefined : value !== ""
}

/** Seconds since 1970 that a `Date` can represent. */
const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12

const isTimeOrAbsent = (value: unknown): boolean => isAbsent(value) || isTime(value)

const listOf = (value: unknown): ReadonlyArray<string> | undefined => {
  if (isAbsent(value)) return []
  if (typeof value === "string") return [value]
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined
}

/** Returns whether the claims are valid at this time: the only check whose result changes for a token. */
export const isValidAt = (claims: Json, { clockSkew }: JwtProfile, now: number): boolean =>
  Number(claims.exp) * 1000 + clockSkew * 1000 > now &&
  (claims.nbf === undefined || Number(claims.nbf) * 1000 - clockSkew * 1000 <= now) &&
  (claims.iat === undefined || Number(claims.iat) * 1000 - clockSkew * 1000 <= now)

/** The part of a token state that does not depend on when the token is presented. */
export type Identification = Omit<ActiveToken, "source" | "issuedAt" | "notBefore" | "expiresAt">

/** Converts checked claims to a token state, without its dates. */
export const identificationOf = (claims: Json, profile: JwtProfile): Identification => {
  const { sub, iss, jti } = claims
  const clientId = claims[profile.clientId]
  const scopes = scopesOf(claims, profile.scopes)
  const identification: { -readonly [Name in keyof Identification]: Identification[Name] } = {
    active: true,
    use: "access_token",
    audience: listOf(claims.aud) ?? [],
    claims,
  }
  const type = subjectType(sub, clientId, profile)
  if (type !== undefined) identification.subjectType = type
  if (typeof sub === "string" && sub !== "") identification.subject = sub
  if (typeof clientId === "string" && clientId !== "") identification.clientId = clientId
  if (typeof iss === "string") identification.issuer = iss
  if (typeof jti === "string" && jti !== "") identification.tokenId = jti
  if (scopes !== undefined) identification.scopes = scopes
  return identification
}

/** Returns what the subject is, if that is known: the client itself, or what the vendor's other subjects are. */
const subjectType = (sub: unknown, clientId: unknown, { subjects }: JwtProfile): Identification["subjectType"] => {
  if (isAbsent(sub)) return subjects && "client"
  return sub === clientId ? "client" : subjects && "user"
}

/** Returns a token state with dates of its own. `validatedAt`: when the signature was verified. */
export const tokenOf = (identification: Identification, validatedAt: Date): ActiveToken => {
  const { exp, nbf, iat } = identification.claims
  return {
    ...identification,
    ...(isTime(iat) && { issuedAt: new Date(iat * 1000) }),
    ...(isTime(nbf) && { notBefore: new Date(nbf * 1000) }),
    expiresAt: new Date(Number(exp) * 1000),
    source: { local: validatedAt, stale: false },
  }
}

const scopesOf = (claims: Json, names: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  let scopes: ReadonlyArray<string> | undefined
  for (const name of names) {
    if (isMissing(claims[name])) continue
    const listed = scopeList(claims[name])
    scopes = scopes === undefined ? listed : Array.from(new Set([...scopes, ...listed]))
  }
  return scopes
}

const scopeList = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" ? value.split(" ").filter((scope) => scope !== "") : (listOf(value) ?? [])
