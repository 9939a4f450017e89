/** Parsing a JWT access token and checking it against a profile (RFC 9068, RFC 8725), without its signature. */
import { signatures } from "#signature"
import { parseJson } from "../../internal/json.ts"
import { looksLikeHeader } from "../../internal/jwt-header.ts"
import { isShort } from "../../internal/token-text.ts"
import type { TokenCheck } from "../../ports/errors.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"

export type Json = Readonly<Record<string, unknown>>

/** The members of the header that select the key and name the kind of the token. */
export interface Header {
  readonly algorithm: string
  readonly keyId: string | undefined
  /** The value of `typ`, in lower case and without `application/`; `""` without `typ`. */
  readonly type: string
  /** The whole header. */
  readonly fields: Json
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
  const first = token.indexOf(".")
  // Both searches run forwards, which is the fast direction.
  if (first === -1 || !token.includes(".", first + 1)) return false
  return token.startsWith("eyJ") || looksLikeHeader(token.slice(0, first))
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
  const type = (typ ?? "").toLowerCase().replace(mediaType, "")
  if (profile.hasFormat && !profile.types.includes(type)) return "format"
  return { algorithm: alg, keyId: kid, type, fields }
}

/** The prefix that `typ` may omit (RFC 7515 section 4.1.9). */
const mediaType = /^application\//

const decode = (part: string): Json | undefined => {
  const text = signatures.text(part)
  return text === undefined ? undefined : parseObject(text)
}

export const parseObject = (text: string): Json | undefined => {
  try {
    const value = parseJson(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}
