/** The signature algorithms of JSON Object Signing and Encryption (RFC 7518 section 3.1, RFC 8037). */
import type { JsonWebKey } from "../ports/metadata.ts"

export interface Algorithm {
  readonly kty: string
  readonly hash?: "sha256" | "sha384" | "sha512"
  readonly crv?: string
  readonly pss?: true
}

export const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { kty: "RSA", hash: "sha256" },
  RS384: { kty: "RSA", hash: "sha384" },
  RS512: { kty: "RSA", hash: "sha512" },
  PS256: { kty: "RSA", hash: "sha256", pss: true },
  PS384: { kty: "RSA", hash: "sha384", pss: true },
  PS512: { kty: "RSA", hash: "sha512", pss: true },
  ES256: { kty: "EC", hash: "sha256", crv: "P-256" },
  ES384: { kty: "EC", hash: "sha384", crv: "P-384" },
  ES512: { kty: "EC", hash: "sha512", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  Ed25519: { kty: "OKP", crv: "Ed25519" },
}

/** The shortest RSA modulus that is accepted, in bits (RFC 7518 section 3.3). */
export const minimumModulus = 2048

/**
 * Returns whether an RSA signature has the length of the modulus (RFC 8017 sections 8.1.2 and 8.2.2).
 *
 * OpenSSL also accepts a PSS signature without its leading zeros, which would give one token two spellings. The platform
 * checks the length for keys without a modulus.
 *
 * @param modulus the length of the modulus in bits
 */
export const hasFullLength = (signature: Uint8Array, modulus: number | undefined): boolean =>
  modulus === undefined || signature.length === Math.ceil(modulus / 8)

/** Returns whether a JWK may verify signatures at all (RFC 7517 sections 4.2 and 4.3, RFC 8017 section 3.1). */
export const mayVerify = ({ kty, use, key_ops, e }: JsonWebKey): boolean =>
  (use === undefined || use === "sig") &&
  (key_ops === undefined || (Array.isArray(key_ops) && key_ops.includes("verify"))) &&
  (kty !== "RSA" || isExponent(e))

/**
 * Returns whether a value is the public exponent of an RSA key: odd, and 3 at least. With an exponent of 1 every number is
 * its own signature.
 */
const isExponent = (value: unknown): boolean => {
  if (typeof value !== "string" || !/^[\w-]+$/.test(value)) return false
  try {
    const bytes = Array.from(atob(value.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0))
    const last = bytes.pop() ?? 0
    return last % 2 === 1 && (last >= 3 || bytes.some((byte) => byte !== 0))
  } catch {
    return false
  }
}

/** Returns whether a JWK may verify signatures of an algorithm, by its own members. */
export const isKeyFor = (jwk: JsonWebKey, algorithm: string): boolean => {
  const required = algorithms[algorithm]
  return (
    required !== undefined &&
    jwk.kty === required.kty &&
    mayVerify(jwk) &&
    (jwk.alg === undefined ||
      jwk.alg === algorithm ||
      (required.crv === "Ed25519" && (jwk.alg === "EdDSA" || jwk.alg === "Ed25519"))) &&
    (required.crv === undefined || jwk.crv === required.crv)
  )
}
