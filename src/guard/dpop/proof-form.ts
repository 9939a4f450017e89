/** The form of a DPoP proof: a JWS in compact form with its key (RFC 9449 section 4.2). */
import { signatures } from "#signature"
import { type Json, parseObject } from "../../core/jwt/jwt.ts"
import { isKeyFor } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"

/** A proof of more characters is refused unread. One of a 4096-bit RSA key with a long URL has 4,000. */
const maxLength = 8192

/** The parts of a proof, still encoded. */
export interface EncodedProof {
  readonly header: string
  readonly payload: string
  /** Header and payload, joined by a dot. */
  readonly signed: string
  readonly signature: string
}

/** Several proofs are joined by ", ", which no part of a JWS has. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Splits a proof; `undefined` for anything else, also for two proofs. */
export const splitProof = (text: string): EncodedProof | undefined => {
  if (text.length > maxLength || !compact.test(text)) return undefined
  const first = text.indexOf(".")
  const second = text.lastIndexOf(".")
  return {
    header: text.slice(0, first),
    payload: text.slice(first + 1, second),
    signed: text.slice(0, second),
    signature: text.slice(second + 1),
  }
}

/** The key that a proof brings, with the public members only. */
export interface ProofHeader {
  readonly algorithm: string
  readonly jwk: JsonWebKey
}

/** The members that make a public key, in the order of a thumbprint (RFC 7638 section 3.2, RFC 8037 section 2). */
const publicMembers: Readonly<Record<string, ReadonlyArray<string>>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
}

/**
 * The most characters of the members of an RSA key: those of a modulus of 4096 bits and an exponent of 32. A stranger
 * chooses the key of a proof, and verifying takes longer with each bit: 18 ms with an exponent of 3072 bits.
 */
const longest: Readonly<Record<string, number>> = { n: 683, e: 6 }

/** The members of private and symmetric keys (RFC 7518 section 6). */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

/** Reads the header; `undefined` if it is not that of a proof, or of an algorithm that is not allowed. */
export const proofHeader = (encoded: string, algorithms: ReadonlySet<string>): ProofHeader | undefined => {
  const fields = decoded(encoded)
  if (fields === undefined || fields.typ !== "dpop+jwt" || "crit" in fields) return undefined
  const { alg, jwk } = fields
  if (typeof alg !== "string" || !algorithms.has(alg) || typeof jwk !== "object" || jwk === null) return undefined
  const key = jwk as JsonWebKey
  if (privateMembers.some((name) => name in key) || !isKeyFor(key, alg)) return undefined
  const members = (publicMembers[key.kty] ?? []).map((name) => [name, key[name]] as const)
  const isUsable = members.every(
    ([name, value]) =>
      typeof value === "string" && /^[\w-]+$/.test(value) && value.length <= (longest[name] ?? value.length),
  )
  return isUsable ? { algorithm: alg, jwk: { kty: key.kty, ...Object.fromEntries(members) } } : undefined
}

/** Returns the thumbprint of the key (RFC 7638). */
export const thumbprintOf = ({ jwk }: ProofHeader): string | Promise<string> =>
  signatures.sha256(JSON.stringify(Object.fromEntries((publicMembers[jwk.kty] ?? []).map((name) => [name, jwk[name]]))))

/** Decodes a part in exact base64url to an object. */
export const decoded = (part: string): Json | undefined => {
  const text = signatures.text(part)
  return text === undefined ? undefined : parseObject(text)
}
