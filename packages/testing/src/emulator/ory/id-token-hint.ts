import { createPublicKey } from "node:crypto"
import { parseJwt, verifiesJwt } from "../jwt.ts"
import { oauthError } from "./errors.ts"
import type { Ory } from "./state.ts"

/** Returns the claims of an ID token that this server signed. An expired ID token is accepted. */
export const readIdTokenHint = (ory: Ory, hint: string): Readonly<Record<string, unknown>> => {
  const token = parseJwt(hint)
  if (token === undefined)
    throw oauthError("invalid_request", "go-jose/go-jose: compact JWS format must have three parts")
  if (verifiesJwt(token, createPublicKey(ory.keys.idToken().privateKey))) return token.claims
  throw oauthError("invalid_request", "go-jose/go-jose: error in cryptographic primitive")
}
