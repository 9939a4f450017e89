import type { JWK } from "jose"
import type { MakeChecker } from "../token-passes/checker.ts"

/** What every peer is given: the vendor's public key, and what a token must say. */
export interface Trust {
  readonly jwk: JWK & { readonly kty: string; readonly alg: string }
  readonly pem: string
  readonly issuer: string
  readonly audience: string
}

/** What every file in `peers/` exports as `make`: a validator that has seen no token yet. */
export type MakeValidator = MakeChecker<Trust>
