/** Validating a JWT access token by a profile (RFC 9068, RFC 8725): everything but the signature, which a key checks. */
import { signatures } from "#signature"
import type { TokenCheck } from "../ports/errors.ts"
import type { ActiveToken } from "../ports/introspection.ts"
import type { JwtProfile } from "../ports/jwt-profile.ts"

type Json = Readonly<Record<string, unknown>>

/** A token taken apart; nothing of it may be trusted before its signature has been checked. */
export interface Parsed {
  readonly algorithm: string
  readonly keyId: string | undefined
  /** The bytes that are signed, and the signature. */
  readonly signed: string
  readonly signature: string
  readonly payload: string
}

/** Says whether a string looks like a JWT at all; what does not is opaque. */
export const isJwt = (token: string): boolean =>
  token.startsWith("eyJ") && token.indexOf(".") !== token.lastIndexOf(".")

/**
 * Base64url that is the only spelling of its bytes: decoders overlook the bits that are left over, and whoever remembers
 * or revokes a token by its text must not meet it again under another.
 */
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{4}|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]|[A-Za-z0-9_-][AQgw])$/

/** Headers that would let a token choose its own key, or that ask for what we do not do. */
const refused = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "enc", "zip"]

/** No header carries a longer one, and a pattern would need a stack for it. */
const longest = 1 << 20

/** Takes a token apart and judges its header. An encrypted one (five parts) is refused. */
export const parse = (token: string, profile: JwtProfile): Parsed | TokenCheck => {
  if (token.length > longest) return "format"
  const parts = token.split(".", 4)
  const [header = "", payload = "", signature = ""] = parts
  if (parts.length !== 3 || !base64url.test(header) || !base64url.test(payload) || !base64url.test(signature))
    return "format"
  const fields = decode(header)
  if (fields === undefined || refused.some((name) => name in fields)) return "format"
  const { alg, kid, typ } = fields
  if (typeof alg !== "string" || !profile.algorithms.includes(alg)) return "signature"
  if (kid !== undefined && typeof kid !== "string") return "format"
  if (typ !== undefined && typeof typ !== "string") return "format"
  if (!profile.types.includes((typ ?? "").toLowerCase().replace(mediaType, ""))) return "format"
  return { algorithm: alg, keyId: kid, signed: token.slice(0, token.lastIndexOf(".")), signature, payload }
}

/** What `typ` may leave out (RFC 7515 section 4.1.9). */
const mediaType = /^application\//

const decode = (part: string): Json | undefined => {
  const text = signatures.text(part)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

/** The claims of a token whose signature has been checked, or which check they fail for good. */
export const claimsOf = ({ payload }: Parsed, profile: JwtProfile): Json | TokenCheck => {
  const claims = decode(payload)
  if (claims === undefined) return "format"
  const { iss, exp, nbf, iat, aud, sub } = claims
  if (iss !== profile.issuer) return "issuer"
  if (!isTime(exp) || ![nbf, iat].every((time) => time === undefined || isTime(time))) return "format"
  if (sub !== undefined && typeof sub !== "string") return "format"
  const clientId = claims[profile.clientId]
  if (clientId !== undefined && typeof clientId !== "string") return "format"
  if (profile.required.some((name) => claims[name] === undefined || claims[name] === null)) return "format"
  if (profile.forbidden.some((name) => claims[name] !== undefined && claims[name] !== null)) return "format"
  const audience = listOf(aud)
  if (audience === undefined) return "format"
  const wanted = profile.audience
  if (wanted === undefined || (wanted !== "any" && !wanted.some((each) => audience.includes(each)))) return "audience"
  return claims
}

const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12

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

/** Puts checked claims into our words. */
export const tokenOf = (claims: Json, profile: JwtProfile, local: Date): ActiveToken => {
  const { sub, iss, jti, exp, nbf, iat, aud } = claims
  const clientId = claims[profile.clientId]
  const scopes = profile.scopes.map((name) => claims[name]).filter((value) => value !== undefined && value !== null)
  return {
    active: true,
    use: "access_token",
    ...(typeof sub === "string" && { subject: sub }),
    subjectType: sub === undefined || sub === clientId ? "client" : "user",
    ...(typeof clientId === "string" && { clientId }),
    ...(typeof iss === "string" && { issuer: iss }),
    ...(typeof jti === "string" && { tokenId: jti }),
    audience: listOf(aud) ?? [],
    ...(scopes.length > 0 && { scopes: Array.from(new Set(scopes.flatMap(scopeList))) }),
    ...(isTime(iat) && { issuedAt: new Date(iat * 1000) }),
    ...(isTime(nbf) && { notBefore: new Date(nbf * 1000) }),
    expiresAt: new Date(Number(exp) * 1000),
    claims,
    source: { local, stale: false },
  }
}

const scopeList = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" ? value.split(" ").filter((word) => word !== "") : (listOf(value) ?? [])
