import { createPublicKey } from "node:crypto"
import { parseJwt, verifiesJwt } from "../jwt.ts"
import { refuse } from "./errors.ts"
import type { Ory } from "./state.ts"

/** The claims of an ID token this server signed; an expired one is good enough for a hint. */
export const readIdTokenHint = (ory: Ory, hint: string): Readonly<Record<string, unknown>> => {
  const token = parseJwt(hint)
  if (token === undefined) throw refuse("invalid_request", "go-jose/go-jose: compact JWS format must have three parts")
  if (verifiesJwt(token, createPublicKey(ory.keys.idToken().privateKey))) return token.claims
  throw refuse("invalid_request", "go-jose/go-jose: error in cryptographic primitive")
}
