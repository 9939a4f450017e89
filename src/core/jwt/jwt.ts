/** Validating a JWT access token by a profile (RFC 9068, RFC 8725): everything but the signature, which a key checks. */

import { signatures } from "#signature"
import type { TokenCheck } from "../../ports/errors.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import { parseJson } from "../../internal/json.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"

type Json = Readonly<Record<string, unknown>>

/** What of a token chooses its key. */
export interface Header {
  readonly algorithm: string
  readonly keyId: string | undefined
}

/** A token taken apart; nothing of it may be trusted before its signature has been checked. */
export interface Parsed {
  readonly header: Header
  /** The bytes that are signed, and the signature. */
  readonly signed: string
  readonly signature: string
  readonly payload: string
}

/** Says whether a string looks like a JWT at all; what does not is opaque. */
export const isJwt = (token: string): boolean => {
  if (!token.startsWith("eyJ")) return false
  const first = token.indexOf(".")
  // Forwards both times: that is the quick direction.
  return first !== -1 && token.includes(".", first + 1)
}

/** Headers that would let a token choose its own key, or that ask for what we do not do. */
const refused = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "enc", "zip"]

/** No header of a request carries a longer one. */
const longest = 1 << 20

/** Makes the function that takes tokens apart and judges their headers. An encrypted one (five parts) is refused. */
export const parser = (profile: JwtProfile): ((token: string) => Parsed | TokenCheck) => {
  // One server's tokens mostly have one header.
  let latest: { readonly text: string; readonly header: Header } | undefined
  return (token) => {
    if (token.length > longest) return "format"
    const first = token.indexOf(".")
    const second = token.indexOf(".", first + 1)
    const text = token.slice(0, first)
    const signed = token.slice(0, second)
    const payload = signed.slice(first + 1)
    const signature = token.slice(second + 1)
    const header = text === latest?.text ? latest.header : headerOf(text, profile)
    if (typeof header === "string") return header
    // A copy: a slice of the token would keep all of it in memory.
    if (header !== latest?.header) latest = { text: Array.from(text).join(""), header }
    return { header, signed, signature, payload }
  }
}

const headerOf = (text: string, profile: JwtProfile): Header | TokenCheck => {
  const fields = decode(text)
  if (fields === undefined || refused.some((name) => name in fields)) return "format"
  const { alg, kid, typ } = fields
  if (typeof alg !== "string" || !profile.algorithms.includes(alg)) return "signature"
  if (kid !== undefined && typeof kid !== "string") return "format"
  if (typ !== undefined && typeof typ !== "string") return "format"
  if (!profile.types.includes((typ ?? "").toLowerCase().replace(mediaType, ""))) return "format"
  return { algorithm: alg, keyId: kid }
}

/** What `typ` may leave out (RFC 7515 section 4.1.9). */
const mediaType = /^application\//

const decode = (part: string): Json | undefined => {
  const text = signatures.text(part)
  return text === undefined ? undefined : parse(text)
}

const parse = (text: string): Json | undefined => {
  try {
    const value = parseJson(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

/** The claims in a text, or which check they fail for good. */
export const claimsOf = (text: string, profile: JwtProfile): Json | TokenCheck => {
  const claims = parse(text)
  if (claims === undefined) return "format"
  const { iss, exp, nbf, iat, aud, sub } = claims
  if (iss !== profile.issuer) return "issuer"
  if (!isTime(exp) || !isTimeOrNone(nbf) || !isTimeOrNone(iat)) return "format"
  if (sub !== undefined && typeof sub !== "string") return "format"
  const clientId = claims[profile.clientId]
  if (clientId !== undefined && typeof clientId !== "string") return "format"
  for (const name of profile.required) if (isNone(claims[name])) return "format"
  for (const name of profile.forbidden) if (!isNone(claims[name])) return "format"
  const audience = listOf(aud)
  if (audience === undefined) return "format"
  return isFor(audience, profile.audience) ? claims : "audience"
}

const isFor = (audience: ReadonlyArray<string>, wanted: JwtProfile["audience"]): boolean => {
  if (wanted === undefined || wanted === "any") return wanted === "any"
  for (const each of wanted) if (audience.includes(each)) return true
  return false
}

const isNone = (value: unknown): boolean => value === undefined || value === null

const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12

const isTimeOrNone = (value: unknown): boolean => value === undefined || isTime(value)

const listOf = (value: unknown): ReadonlyArray<string> | undefined => {
  if (value === undefined || value === null) return []
  if (typeof value === "string") return [value]
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined
}

/** Whether claims hold at this moment; the only judgement that a token once checked can lose. */
export const holdsAt = (claims: Json, { clockSkew }: JwtProfile, now: number): boolean =>
  Number(claims.exp) * 1000 + clockSkew * 1000 > now &&
  (claims.nbf === undefined || Number(claims.nbf) * 1000 - clockSkew * 1000 <= now) &&
  (claims.iat === undefined || Number(claims.iat) * 1000 - clockSkew * 1000 <= now)

/** What checked claims say, in our words: all that is the same whenever they are asked for. */
export type Said = Omit<ActiveToken, "source" | "issuedAt" | "notBefore" | "expiresAt">

/** Puts checked claims into our words. */
export const saidBy = (claims: Json, profile: JwtProfile): Said => {
  const { sub, iss, jti } = claims
  const clientId = claims[profile.clientId]
  const scopes = scopesOf(claims, profile.scopes)
  const said: { -readonly [Name in keyof Said]: Said[Name] } = {
    active: true,
    use: "access_token",
    subjectType: sub === undefined || sub === clientId ? "client" : "user",
    audience: listOf(claims.aud) ?? [],
    claims,
  }
  if (typeof sub === "string") said.subject = sub
  if (typeof clientId === "string") said.clientId = clientId
  if (typeof iss === "string") said.issuer = iss
  if (typeof jti === "string") said.tokenId = jti
  if (scopes !== undefined) said.scopes = scopes
  return said
}

/** What was said, with dates that are the caller's own. */
export const tokenOf = (said: Said, local: Date): ActiveToken => {
  const { exp, nbf, iat } = said.claims
  return {
    ...said,
    ...(isTime(iat) && { issuedAt: new Date(iat * 1000) }),
    ...(isTime(nbf) && { notBefore: new Date(nbf * 1000) }),
    expiresAt: new Date(Number(exp) * 1000),
    source: { local, stale: false },
  }
}

const scopesOf = (claims: Json, names: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  let found: ReadonlyArray<string> | undefined
  for (const name of names) {
    if (isNone(claims[name])) continue
    const scopes = scopeList(claims[name])
    found = found === undefined ? scopes : Array.from(new Set([...found, ...scopes]))
  }
  return found
}

const scopeList = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" ? value.split(" ").filter((word) => word !== "") : (listOf(value) ?? [])
