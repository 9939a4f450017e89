import type { JWK } from "jose"

/** What every peer is given: the vendor's public key, and what a token must say. */
export interface Trust {
  readonly jwk: JWK & { readonly kty: string; readonly alg: string }
  readonly pem: string
  readonly issuer: string
  readonly audience: string
}

/** One way to validate a token, as a measured process sees it. */
export interface Validator {
  /** Validates a token; at once, or with a promise. May throw for one that it refuses. */
  readonly check: (token: string) => unknown
  /** Tells whether an answer of `check` means that the token is good. */
  readonly isGood: (answer: unknown) => boolean
}

/** What every file in `peers/` exports as `make`: a validator that has seen no token yet. */
export type MakeValidator = (trust: Trust) => Promise<Validator>
