/** Parsing a logout token and checking its claims, without its signature (OpenID Connect Back-Channel Logout 1.0). */
import { signatures } from "#signature"
import { type Json, parseObject } from "../core/jwt/jwt.ts"
import type { SignatureHeader, Signed } from "../internal/issuer-signature.ts"
import { algorithms } from "../internal/jwa.ts"
import { isShort } from "../internal/token-text.ts"
import type { Outcome } from "./outcomes.ts"

/** The content of a logout token. */
export interface LogoutToken {
  readonly issuer: string
  /** The user whose session ended. Without `session`, every session of the user ended. */
  readonly subject?: string
  /** The session that ended: the claim `sid`. */
  readonly session?: string
  readonly tokenId: string
  readonly issuedAt: Date
}

/** The requirements of a logout token. Times are milliseconds. */
export interface Rules {
  readonly issuers: ReadonlyArray<string>
  readonly clientIds: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
  readonly withoutExpiry: boolean
  readonly maxAge: number
  readonly clockSkew: number
}

export interface ParsedLogoutToken {
  readonly header: SignatureHeader
  readonly text: Signed
  readonly token: LogoutToken
}

const event = "http://schemas.openid.net/event/backchannel-logout"

/** Returns a token whose signature is not verified yet, or the first check that it fails (section 2.6). */
export const parseLogoutToken = (text: string, rules: Rules, now: number): ParsedLogoutToken | Outcome => {
  const parts = isShort(text) ? text.split(".", 6) : []
  if (parts.length !== 3) return "format"
  const [headerText = "", payload = "", signature = ""] = parts
  const header = headerOf(headerText, rules)
  if (typeof header === "string") return header
  const claims = objectOf(payload)
  if (claims === undefined) return "format"
  const failed = checks.find(({ passes }) => !passes(claims, rules, now))
  if (failed !== undefined) return failed.outcome
  return { header, text: { signed: `${headerText}.${payload}`, signature }, token: tokenOf(claims) }
}

const headerOf = (text: string, { types }: Rules): SignatureHeader | Outcome => {
  const fields = objectOf(text)
  if (fields === undefined || "crit" in fields) return "format"
  const { alg, kid, typ } = fields
  if (typeof alg !== "string" || !Object.hasOwn(algorithms, alg)) return "algorithm"
  if (kid !== undefined && typeof kid !== "string") return "format"
  if (typ !== undefined && typeof typ !== "string") return "type"
  const type = (typ ?? "").toLowerCase().replace(/^application\//, "")
  return types.includes(type) ? { algorithm: alg, keyId: kid } : "type"
}

const objectOf = (part: string): Json | undefined => {
  const text = signatures.text(part)
  return text === undefined ? undefined : parseObject(text)
}

interface Check {
  readonly outcome: Outcome
  readonly passes: (claims: Json, rules: Rules, now: number) => boolean
}

/** The checks of the claims, in the order of section 2.6. */
const checks: ReadonlyArray<Check> = [
  { outcome: "issuer", passes: ({ iss }, { issuers }) => issuers.some((each) => each === iss) },
  { outcome: "audience", passes: ({ aud }, { clientIds }) => audienceOf(aud).some((each) => clientIds.includes(each)) },
  {
    outcome: "age",
    passes: ({ iat }, { maxAge, clockSkew }, now) =>
      isTime(iat) && iat * 1000 <= now + clockSkew && iat * 1000 >= now - maxAge - clockSkew,
  },
  {
    outcome: "expired",
    passes: ({ exp }, { withoutExpiry, clockSkew }, now) =>
      exp === undefined ? withoutExpiry : isTime(exp) && exp * 1000 > now - clockSkew,
  },
  { outcome: "format", passes: ({ sub, sid }) => isNameOrAbsent(sub) && isNameOrAbsent(sid) },
  { outcome: "subject", passes: ({ sub, sid }) => sub !== undefined || sid !== undefined },
  {
    outcome: "events",
    passes: ({ events }) => isObject(events) && Object.hasOwn(events, event) && isObject(events[event]),
  },
  // An ID token has a nonce. A `nonce` of `null` counts as one.
  { outcome: "nonce", passes: (claims) => !("nonce" in claims) },
  { outcome: "token-id", passes: ({ jti }) => isName(jti) },
]

const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8.64e12

const isName = (value: unknown): value is string => typeof value === "string" && value !== ""

const isNameOrAbsent = (value: unknown): boolean => value === undefined || isName(value)

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns the members of `aud`: none if one of them is not a string. */
const audienceOf = (aud: unknown): ReadonlyArray<string> => {
  const members: ReadonlyArray<unknown> = Array.isArray(aud) ? aud : [aud]
  return members.every((each) => typeof each === "string") ? members : []
}

const tokenOf = ({ iss, sub, sid, jti, iat }: Json): LogoutToken => ({
  issuer: String(iss),
  ...(typeof sub === "string" && { subject: sub }),
  ...(typeof sid === "string" && { session: sid }),
  tokenId: String(jti),
  issuedAt: new Date(Number(iat) * 1000),
})
