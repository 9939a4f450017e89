/** Verifying signatures and hashing, on any platform. */
import type { JsonWebKey } from "./metadata.ts"

/** A public key that is ready to verify signatures of one algorithm. */
export interface VerificationKey {
  readonly algorithm: string
  /** The JWK as text, with which keys are compared. */
  readonly fingerprint: string
  /**
   * Verifies a signature: synchronously on Node, asynchronously with Web Crypto.
   *
   * @param signed the bytes that are signed, one character per byte
   * @param signature in canonical base64url
   */
  readonly verifies: (signed: string, signature: string) => boolean | Promise<boolean>
}

/** The cryptographic functions of the platform. */
export interface Signatures {
  /** Imports a public key; `undefined` for a key that is unusable or too weak. */
  readonly importKey: (
    jwk: JsonWebKey,
    algorithm: string,
  ) => VerificationKey | undefined | Promise<VerificationKey | undefined>
  /**
   * Decodes base64url to text.
   *
   * `undefined` for bytes that are not well-formed UTF-8 and for a non-canonical spelling: a second spelling of one
   * token would pass a cache entry or a revocation of the first.
   */
  readonly text: (base64url: string) => string | undefined
  /** A one-way hash of a token, to cache under. Absent where the platform has no synchronous hash. */
  readonly digest?: (token: string) => string
  /**
   * A keyed hash that only this process can compute. Where the platform has no synchronous keyed hash, a new random
   * value each time: no two results are equal, and nothing is shared.
   */
  readonly keyedHash: (text: string) => string
  /** The HMAC with SHA-256 of a text, in base64url: equal in every process that has the secret. */
  readonly hmac: (secret: string, text: string) => string | Promise<string>
  /** The SHA-256 hash of bytes, or of a text in UTF-8, in base64url. */
  readonly sha256: (data: Uint8Array | string) => string | Promise<string>
}
