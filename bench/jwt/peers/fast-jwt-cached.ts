import { type Algorithm, createVerifier } from "fast-jwt"
import type { MakeValidator } from "../peer.ts"

/** Makes fast-jwt with a configured public key, the same checks and its cache. */
export const make: MakeValidator = async ({ jwk, pem, issuer, audience }) => {
  const algorithms = [jwk.alg as Algorithm]
  const check = createVerifier({
    key: pem,
    algorithms,
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: "JWT",
    cache: true,
  })
  return { check, isGood: () => true }
}
