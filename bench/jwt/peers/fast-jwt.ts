import { type Algorithm, createVerifier } from "fast-jwt"
import type { MakeValidator } from "../peer.ts"

/** Makes fast-jwt with a configured public key and the same checks, without its cache. */
export const make: MakeValidator = async ({ jwk, pem, issuer, audience }) => {
  const algorithms = [jwk.alg as Algorithm]
  const check = createVerifier({
    key: pem,
    algorithms,
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: "JWT",
    cache: false,
  })
  return { check, isGood: () => true }
}
