import { createLocalJWKSet, jwtVerify } from "jose"
import type { MakeValidator } from "../peer.ts"

/** Makes jose with a local key set and the same checks. */
export const make: MakeValidator = async ({ jwk, issuer, audience }) => {
  const keys = createLocalJWKSet({ keys: [jwk] })
  const options = { issuer, audience, algorithms: [jwk.alg], typ: "JWT" }
  return { check: (token) => jwtVerify(token, keys, options), isGood: () => true }
}
