/** The one function behind which signatures are checked, whatever the platform offers. */
import type { JsonWebKey } from "./metadata.ts"

/** A public key made ready to check signatures of one algorithm. */
export interface VerificationKey {
  readonly algorithm: string
  /** The JWK it was made of, in a form that can be compared. */
  readonly fingerprint: string
  /** Says whether the signature, in canonical base64url, is of these bytes. Answers at once where the platform can. */
  readonly verifies: (signed: string, signature: string) => boolean | Promise<boolean>
}

export interface Signatures {
  /** Makes a key ready; `undefined` for one that is unusable or too weak. */
  readonly importKey: (
    jwk: JsonWebKey,
    algorithm: string,
  ) => VerificationKey | undefined | Promise<VerificationKey | undefined>
  /**
   * The text that base64url holds; `undefined` when that is not well-formed UTF-8, or when its bytes have another
   * spelling: whoever remembers or revokes a token by its text must not meet it again under another.
   */
  readonly text: (base64url: string) => string | undefined
  /** A one-way name for a token, for remembering that it was checked; absent where the platform has none at once. */
  readonly digest?: (token: string) => string
  /**
   * A name for a text that tells nothing of it and that only this process can make. Where the platform has no keyed
   * hash at once it is a new one each time: then nothing is ever taken for the same.
   */
  readonly keyedHash: (text: string) => string
}

/** What each signature algorithm of JOSE takes (RFC 7518 section 3.1, RFC 8037). */
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

/** The shortest RSA modulus taken, in bits (RFC 7518 section 3.3). */
export const minimumModulus = 2048

/**
 * Says whether a signature has every byte that a modulus of so many bits asks for (RFC 8017 sections 8.1.2 and 8.2.2):
 * OpenSSL takes one of PSS without its leading zeros, too, which would be a second spelling of a token. Keys without a
 * modulus have their lengths checked by the platforms.
 */
export const isWhole = (signature: Uint8Array, modulus: number | undefined): boolean =>
  modulus === undefined || signature.length === Math.ceil(modulus / 8)

/** Says whether a key may check signatures of an algorithm, by what it says of itself. */
export const fits = (jwk: JsonWebKey, algorithm: string): boolean => {
  const wanted = algorithms[algorithm]
  return (
    wanted !== undefined &&
    jwk.kty === wanted.kty &&
    (jwk.use === undefined || jwk.use === "sig") &&
    (jwk.alg === undefined ||
      jwk.alg === algorithm ||
      (wanted.crv === "Ed25519" && (jwk.alg === "EdDSA" || jwk.alg === "Ed25519"))) &&
    (wanted.crv === undefined || jwk.crv === wanted.crv)
  )
}
