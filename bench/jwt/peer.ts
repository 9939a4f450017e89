import type { JWK } from "jose"
import type { MakeChecker } from "../token-passes/checker.ts"

/** The input of every peer: the vendor's public key and the expected claims. */
export interface Trust {
  readonly jwk: JWK & { readonly kty: string; readonly alg: string }
  readonly pem: string
  readonly issuer: string
  readonly audience: string
}

/** The `make` export of every file in `peers/`: makes a validator that has seen no token. */
export type MakeValidator = MakeChecker<Trust>
