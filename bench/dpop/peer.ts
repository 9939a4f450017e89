import type { JsonWebKey } from "latchkey"
import type { MakeChecker } from "../token-passes/checker.ts"

/** The address that every proof is made for, with the method GET. */
export const url = "https://orders.example/orders"

/** The input of every peer. */
export interface Trust {
  /** The vendor's public key. */
  readonly jwk: JsonWebKey
  readonly issuer: string
  readonly audience: string
  /** The public keys of the clients. */
  readonly clients: ReadonlyArray<JsonWebKey>
}

/** The `make` export of every file in `peers/`. What it checks is an access token and its proof, joined by a space. */
export type MakeReceiver = MakeChecker<Trust>
